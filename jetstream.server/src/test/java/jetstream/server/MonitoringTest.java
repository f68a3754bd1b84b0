package jetstream.server;

import static jetstream.server.EmbeddedCluster.ask;
import static jetstream.server.EmbeddedCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import jetstream.api.consensus.Condition;
import jetstream.engine.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The monitoring pages and the services of the system account, as the reference answers them. Three servers, account A
 * with a stream of three replicas and a consumer, one client of A on the first server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringTest {
    private static final Duration SECONDS = Duration.ofSeconds(20);
    private static final String SETTINGS = """
            http: "127.0.0.1:-1"
            accounts {
              SYS { users: [ { user: admin, password: secret } ] }
              A { jetstream: enabled, users: [ { user: u, password: p } ] }
              B { users: [ { user: b, password: p } ] }
            }
            system_account: SYS
            """;

    private EmbeddedCluster cluster;
    private JetStreamServer server;
    private Connection client;
    private Connection admin;

    @BeforeAll
    void start(@TempDir final Path directory) throws Exception {
        cluster = EmbeddedCluster.start(directory, 3, SETTINGS);
        server = cluster.servers().getFirst();
        client = connect("u", "p");
        admin = connect("admin", "secret");
        await("a stream and a consumer of three replicas", this::addAssets);
        client.jetStream().publish("s.1", new byte[10]);
        await("all replicas are current", () -> cluster.servers().stream().allMatch(each -> ask(each,
                () -> each.assembly().node().shard().stream("A", "S") != null
                        && each.assembly().node().shard().stream("A", "S").group().condition() == Condition.CURRENT
                        && each.assembly().node().shard().stream("A", "S").consumer("c") != null
                        && each.assembly().node().shard().stream("A", "S").consumer("c").group()
                                .condition() == Condition.CURRENT)));
    }

    @AfterAll
    void stop() throws Exception {
        if (client != null) {
            client.close();
        }
        if (admin != null) {
            admin.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private Connection connect(final String user, final String password) throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder().server("nats://127.0.0.1:" + server.clientPort())
                .connectionTimeout(SECONDS).connectionName("monitored").userInfo(user, password).build());
    }

    private boolean addAssets() {
        try {
            client.jetStreamManagement().addStream(StreamConfiguration.builder().name("S").subjects("s.>").replicas(3)
                    .build());
            client.jetStreamManagement().addOrUpdateConsumer("S", ConsumerConfiguration.builder().durable("c").build());
            return true;
        } catch (final IOException | JetStreamApiException e) {
            return false;
        }
    }

    /**
     * What a page answered.
     *
     * @param length as the header says
     */
    private record Answer(int code, String body, String length) {
    }

    private Answer get(final String path) throws IOException {
        return fetch("GET", path);
    }

    private Answer fetch(final String method, final String path) throws IOException {
        final HttpURLConnection http = (HttpURLConnection) URI
                .create("http://127.0.0.1:" + server.monitorPort() + "/" + path).toURL().openConnection();
        http.setRequestMethod(method);
        final int code = http.getResponseCode();
        try (InputStream in = code < 400 ? http.getInputStream() : http.getErrorStream()) {
            return new Answer(code, new String(in.readAllBytes(), StandardCharsets.UTF_8),
                    http.getHeaderField("Content-Length"));
        }
    }

    /** Observed on the reference, nats-server 2.15.2. */
    @Test
    void healthIsToldInTheReferencesWords() throws Exception {
        for (final String query : new String[] {"", "js-enabled-only=true", "js-enabled=1", "js-server-only=t",
            "js-meta-only=true", "account=A", "account=A&stream=S", "account=A&stream=S&consumer=c", "details=true"}) {
            health(query, 200, "{'status':'ok'}");
        }
        health("account=B", 404, "{'status':'unavailable','error':'JetStream account \\\"B\\\" not found'}");
        health("account=A&stream=T", 404,
                "{'status':'unavailable','error':'JetStream stream \\\"T\\\" not found on account \\\"A\\\"'}");
        health("account=A&stream=S&consumer=d", 404, "{'status':'unavailable','error':"
                + "'JetStream consumer \\\"d\\\" not found for stream \\\"S\\\" on account \\\"A\\\"'}");
        health("stream=S", 400,
                "{'status':'error','error':'\\\"account\\\" must not be empty when checking stream health'}");
        health("account=A&consumer=c", 400,
                "{'status':'error','error':'\\\"stream\\\" must not be empty when checking consumer health'}");
        health("details=true&account=nope", 404, "{'status':'error','errors':[{'type':'ACCOUNT','account':'nope',"
                + "'error':'JetStream account \\\"nope\\\" not found'}]}");
        health("details=true&account=A&stream=T", 404, "{'status':'error','errors':[{'type':'STREAM','account':'A',"
                + "'stream':'T','error':'JetStream stream \\\"T\\\" not found on account \\\"A\\\"'}]}");
        health("details=true&stream=S", 400, "{'status':'error','errors':[{'type':'BAD_REQUEST',"
                + "'error':'\\\"account\\\" must not be empty when checking stream health'}]}");
    }

    private void health(final String query, final int code, final String body) throws Exception {
        final Answer answer = get("healthz?" + query);
        assertEquals(body.replace('\'', '"'), answer.body(), query);
        assertEquals(code, answer.code(), query);
    }

    @Test
    void headIsAnsweredWithoutABody() throws Exception {
        final Answer answer = fetch("HEAD", "healthz");
        assertEquals(200, answer.code());
        assertEquals("", answer.body());
        assertEquals("15", answer.length());
    }

    /** Texts as observed on the reference. */
    @Test
    void wrongArgumentsAreRefusedInTheReferencesWords() throws Exception {
        refused("healthz?js-enabled-only=foo",
                "Error decoding boolean for 'js-enabled-only': strconv.ParseBool: parsing \"foo\": invalid syntax");
        refused("connz?sort=stop", "sort by stop only valid on closed connections");
        refused("connz?sort=bogus", "invalid sorting option: bogus");
        refused("connz?limit=x", "Error decoding int for 'limit': strconv.Atoi: parsing \"x\": invalid syntax");
        refused("connz?state=foo", "Error decoding state for foo");
        refused("subsz?test=s.*", "invalid test subject, must be valid publish subject: s.*");
        refused("accountz?acc=nope", "Account nope does not exist");
        assertEquals(404, get("nope").code());
    }

    private void refused(final String path, final String text) throws Exception {
        final Answer answer = get(path);
        assertEquals(text, answer.body().strip());
        assertEquals(400, answer.code());
    }

    @Test
    void aQuestionForTheLeaderIsAnsweredByTheLeaderAlone() throws Exception {
        final boolean leads = ask(server, () -> server.assembly().node().shard().meta().isLeader());
        final Answer answer = get("jsz?leader-only=1");
        assertEquals(leads ? 200 : 400, answer.code());
        if (!leads) {
            assertEquals("filtered response: not leader", answer.body().strip());
        }
    }

    @Test
    void everyPageIsThere() throws Exception {
        for (final String page : new String[] {"varz", "jsz", "connz", "routez", "subsz", "accountz", "accstatz",
            "gatewayz", "leafz", "ipqueuesz", "raftz", "debug/vars"}) {
            final Answer answer = get(page);
            assertEquals(200, answer.code(), page);
            assertNotNull(JsonObject.parse(answer.body().getBytes(StandardCharsets.UTF_8)), page);
            assertTrue(get("").body().contains("./" + page), page);
        }
        assertTrue(get("stacksz").body().contains("node-n0"));
    }

    @Test
    void connectionsAreFilteredByAccountUserSubjectAndId() throws Exception {
        final Subscription subscription = client.subscribe("orders.*");
        client.flush(SECONDS);
        assertEquals(1, count("connz?acc=A&auth=1"));
        assertEquals(0, count("connz?acc=B"));
        assertEquals(1, count("connz?user=u"));
        assertEquals(1, count("connz?acc=A&filter_subject=orders.new"));
        assertEquals(0, count("connz?acc=A&filter_subject=invoices.new"));
        assertEquals(0, count("connz?cid=99999"));
        assertTrue(get("connz?acc=A&subs=detail").body().contains("\"subject\": \"orders.*\""));
        subscription.unsubscribe();
    }

    @Test
    void closedConnectionsAreRemembered() throws Exception {
        connect("b", "p").close();
        await("the closed connection is told", () -> closedOfB() > 0);
        final String body = get("connz?state=closed&acc=B&auth=1&sort=stop").body();
        assertTrue(body.contains("\"reason\": \"Client Closed\"") && body.contains("\"authorized_user\": \"b\"")
                && body.contains("\"name\": \"monitored\""), body);
    }

    private long closedOfB() {
        try {
            return count("connz?state=closed&acc=B");
        } catch (final IOException e) {
            return 0;
        }
    }

    private long count(final String path) throws IOException {
        return JsonObject.parse(get(path).body().getBytes(StandardCharsets.UTF_8)).integer("num_connections", -1);
    }

    @Test
    void groupsAreToldByAccount() throws Exception {
        assertTrue(get("raftz").body().contains("\"_meta_\""));
        final String ofAccount = get("raftz?acc=A").body();
        assertTrue(ofAccount.contains("\"S-R3F-") && ofAccount.contains("\"C-R3F-"), ofAccount);
        assertEquals("{}", get("raftz?acc=nope").body().replaceAll("\\s", ""));
    }

    @Test
    void detailsOfStreamsNameTheirGroups() throws Exception {
        final String body = get("jsz?streams=1&consumers=1&config=1&acc=A").body();
        assertTrue(body.contains("\"stream_raft_group\": \"S-R3F-") && body.contains("\"consumer_raft_groups\"")
                && body.contains("\"num_replicas\": 3"), body);
        assertTrue(!get("jsz?acc=nope&streams=1").body().contains("account_details"));
    }

    @Test
    void theSystemAccountIsAnsweredByEveryServerAndByOne() throws Exception {
        final String id = ask(server, () -> server.context().info().id());
        for (final String page : new String[] {"IDZ", "STATSZ", "VARZ", "SUBSZ", "CONNZ", "ROUTEZ", "GATEWAYZ", "LEAFZ",
            "ACCOUNTZ", "JSZ", "HEALTHZ", "EXPVARZ", "IPQUEUESZ", "RAFTZ"}) {
            final String answer = request("$SYS.REQ.SERVER." + id + "." + page, "");
            assertTrue(answer.contains(id), page + ": " + answer);
        }
        final Subscription answers = admin.subscribe(admin.createInbox());
        admin.publish("$SYS.REQ.SERVER.PING", answers.getSubject(), new byte[0]);
        for (int i = 0; i < 3; i++) {
            assertNotNull(answers.nextMessage(SECONDS), "answer " + i);
        }
    }

    @Test
    void systemRequestsFailInTheReferencesForm() throws Exception {
        final String id = ask(server, () -> server.context().info().id());
        final String failed = request("$SYS.REQ.SERVER." + id + ".CONNZ", "{\"sort\":\"bogus\"}");
        assertTrue(failed.endsWith("\"data\":null,\"error\":{\"code\":500,\"description\":"
                + "\"invalid sorting option: bogus\"}}"), failed);
        assertTrue(request("$SYS.REQ.SERVER." + id + ".CONNZ", "x").contains("\"error\":{\"code\":400,"));
        final String health = request("$SYS.REQ.SERVER." + id + ".HEALTHZ", "{\"account\":\"nope\"}");
        assertTrue(health.endsWith("\"data\":{\"status\":\"unavailable\",\"status_code\":404,"
                + "\"error\":\"JetStream account \\\"nope\\\" not found\"}}"), health);
        assertEquals("", request("$SYS.REQ.SERVER." + id + ".NOPE", ""), "nobody answers what is not known");
    }

    @Test
    void accountsHaveServicesOfTheirOwn() throws Exception {
        assertTrue(request("$SYS.REQ.ACCOUNT.A.CONNZ", "").contains("\"monitored\""));
        assertTrue(request("$SYS.REQ.ACCOUNT.A.SUBSZ", "").contains("\"num_subscriptions\""));
        assertTrue(request("$SYS.REQ.ACCOUNT.A.LEAFZ", "").contains("\"leafs\""));
        assertTrue(request("$SYS.REQ.ACCOUNT.A.JSZ", "").contains("\"data\":{\"name\":\"A\""));
        assertTrue(request("$SYS.REQ.ACCOUNT.A.INFO", "").contains("\"data\":{\"account_name\":\"A\""));
        assertTrue(request("$SYS.REQ.ACCOUNT.A.CONNS", "").contains("\"conns\":1"));
        assertTrue(request("$SYS.REQ.ACCOUNT.PING.STATZ", "").contains("\"account_statz\""));
        assertTrue(request("$SYS.REQ.ACCOUNT.NOPE.INFO", "").contains("Account NOPE does not exist"));
    }

    @Test
    void clientsThatComeAndGoAreTold() throws Exception {
        final Subscription events = admin.subscribe("$SYS.ACCOUNT.B.>");
        admin.flush(SECONDS);
        connect("b", "p").close();
        final StringBuilder seen = new StringBuilder();
        await("both events", () -> {
            final Message event = next(events);
            seen.append(event == null ? "" : event.getSubject() + ' ' + text(event) + '\n');
            return seen.indexOf(".CONNECT ") >= 0 && seen.indexOf(".DISCONNECT ") >= 0
                    && seen.indexOf(".SERVER.CONNS ") >= 0;
        });
        assertTrue(seen.indexOf("io.nats.server.advisory.v1.client_connect") > 0
                && seen.indexOf("\"reason\":\"Client Closed\"") > 0, seen::toString);
        events.unsubscribe();
    }

    private static Message next(final Subscription subscription) {
        try {
            return subscription.nextMessage(Duration.ofSeconds(1));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The first answer; empty if nobody listens. */
    private String request(final String subject, final String body) throws Exception {
        final Message answer = admin.request(subject, body.getBytes(StandardCharsets.UTF_8), SECONDS);
        return answer == null || answer.isStatusMessage() ? "" : text(answer);
    }

    private static String text(final Message message) {
        return new String(message.getData(), StandardCharsets.UTF_8);
    }

    /** Something that is done with a connection of account A. */
    @FunctionalInterface
    private interface Use {
        void with(Connection other) throws Exception;
    }

    /** With a connection to each server but the first, which has one client of A that other tests count. */
    private void onTheOthers(final Use use) throws Exception {
        for (int i = 1; i < 3; i++) {
            final Connection other = Nats.connect(new Options.Builder().connectionTimeout(SECONDS).userInfo("u", "p")
                    .server("nats://127.0.0.1:" + cluster.servers().get(i).clientPort()).build());
            try {
                use.with(other);
            } finally {
                other.close();
            }
        }
    }

    /** Lists gather what other servers lead: every server tells all of it. */
    @Test
    void everyServerListsWhatOthersLead() throws Exception {
        onTheOthers(other -> {
            assertEquals(1, other.jetStreamManagement().getStreams().size());
            assertEquals("c", other.jetStreamManagement().getConsumers("S").getFirst().getName());
        });
    }

    /** Publishes find the leader alone, direct gets any replica; an unknown subject of the API finds nobody. */
    @Test
    void subjectsOfAssetsLeadToThoseWhoServeThem() throws Exception {
        onTheOthers(other -> {
            final long seq = other.jetStream().publish("s.2", new byte[1]).getSeqno();
            assertTrue(seq > 1);
            assertEquals(seq, other.jetStreamManagement().getMessage("S", seq).getSeq());
            assertNull(other.request("$JS.API.NOPE", new byte[0], Duration.ofMillis(200)));
        });
    }
}
