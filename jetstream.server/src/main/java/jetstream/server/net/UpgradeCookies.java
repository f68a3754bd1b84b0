package jetstream.server.net;

import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.util.Set;
import jetstream.server.conf.WebSocketConfig;

/** Credentials that a web page sent as cookies: they fill what CONNECT leaves empty. Immutable. */
final class UpgradeCookies {
    /** None. */
    static final UpgradeCookies NONE = new UpgradeCookies(new WebSocketConfig.Cookies("", "", "", ""), null);

    private final String jwt;
    private final String user;
    private final String password;
    private final String token;

    UpgradeCookies(final WebSocketConfig.Cookies names, final String header) {
        final Set<Cookie> all = header == null ? Set.of() : ServerCookieDecoder.LAX.decode(header);
        jwt = value(all, names.jwt());
        user = value(all, names.user());
        password = value(all, names.password());
        token = value(all, names.token());
    }

    private static String value(final Set<Cookie> all, final String name) {
        return name.isEmpty()
                ? ""
                : all.stream().filter(cookie -> cookie.name().equals(name)).map(Cookie::value).findFirst().orElse("");
    }

    String jwt() {
        return jwt;
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    String token() {
        return token;
    }
}
