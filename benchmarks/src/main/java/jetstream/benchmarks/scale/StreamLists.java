package jetstream.benchmarks.scale;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the groups are, as the stream list says: what any client can see. */
record StreamLists(int streams, int led, int currentMembers, int ledBySuspect) {
    private static final Pattern TOTAL = Pattern.compile("\"total\":\\s*(\\d+)");
    private static final Pattern NAME = Pattern.compile("\"config\":\\s*\\{");
    private static final Pattern LEADER = Pattern.compile("\"leader\":\\s*\"([^\"]+)\"");
    private static final Pattern CURRENT = Pattern.compile("\"current\":\\s*true");
    private static final String LIST = "$JS.API.STREAM.LIST";
    private static final StreamLists NONE = new StreamLists(0, 0, 0, 0);

    /**
     * Asks for all pages of the list; nothing is known if one of them does not come.
     *
     * @param port of a server
     * @param suspect name of a server whose leadership is counted apart; empty for none
     */
    static StreamLists of(final int port, final String suspect) {
        try (ApiConnection api = new ApiConnection(port)) {
            return of(api, suspect);
        } catch (final IOException e) {
            return NONE;
        }
    }

    private static StreamLists of(final ApiConnection api, final String suspect) throws IOException {
        int streams = 0;
        int led = 0;
        int current = 0;
        int suspects = 0;
        int total;
        do {
            final String page = api.ask(LIST, "{\"offset\":" + streams + "}");
            final Matcher said = TOTAL.matcher(page);
            total = said.find() ? Integer.parseInt(said.group(1)) : 0;
            final int onPage = count(NAME, page);
            if (onPage == 0) {
                break;
            }
            streams += onPage;
            current += count(CURRENT, page);
            final Matcher leaders = LEADER.matcher(page);
            while (leaders.find()) {
                led++;
                if (leaders.group(1).equals(suspect)) {
                    suspects++;
                }
            }
        } while (streams < total);
        return new StreamLists(streams, led, current, suspects);
    }

    /** Whether every stream is listed, led, and all its followers are current. */
    boolean isWhole(final int groups, final int replicas) {
        return streams == groups && led == groups && currentMembers >= groups * (replicas - 1);
    }

    private static int count(final Pattern pattern, final String text) {
        return (int) pattern.matcher(text).results().count();
    }
}
