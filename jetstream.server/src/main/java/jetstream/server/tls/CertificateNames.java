package jetstream.server.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/**
 * Names that a client certificate offers for its user, in the order in which users are looked for: e-mail addresses,
 * host names and URIs of the certificate, then its subject.
 *
 * @param alternatives names beside the subject
 * @param subject      distinguished name by RFC 2253
 * @see "spec/auth-accounts.md section 2, verify_and_map"
 */
public record CertificateNames(List<String> alternatives, String subject) {

    /** No certificate. */
    public static final CertificateNames NONE = new CertificateNames(List.of(), "");

    private static final int[] ALTERNATIVE_KINDS = {1, 2, 6};
    private static final Map<String, String> OTHER_ATTRIBUTES = Map.of("1.2.840.113549.1.9.1", "EMAILADDRESS");

    /** Copies the list. */
    public CertificateNames {
        alternatives = List.copyOf(alternatives);
    }

    /** Reads the certificate of the client of a finished handshake. */
    public static CertificateNames of(final SSLSession session) {
        try {
            return of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (final SSLPeerUnverifiedException e) {
            return NONE;
        }
    }

    private static CertificateNames of(final X509Certificate certificate) {
        final List<String> names = new ArrayList<>();
        try {
            final Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (final int kind : ALTERNATIVE_KINDS) {
                for (final List<?> name : all == null ? List.<List<?>>of() : all) {
                    if (name.get(0).equals(kind)) {
                        names.add((String) name.get(1));
                    }
                }
            }
        } catch (final CertificateParsingException e) {
            // Without readable alternatives the subject is what there is.
            names.clear();
        }
        return new CertificateNames(names,
                certificate.getSubjectX500Principal().getName(X500Principal.RFC2253, OTHER_ATTRIBUTES));
    }

    /** Whether a configured user name is the subject, its parts in any order. */
    public boolean isSubject(final String user) {
        if (subject.isEmpty() || user.indexOf('=') < 0) {
            return false;
        }
        try {
            return parts(subject).equals(parts(user));
        } catch (final IllegalArgumentException e) {
            return false; // an ordinary name that has an equals sign
        }
    }

    private static TreeSet<String> parts(final String name) {
        final String canonical =
                new X500Principal(name, Map.of("EMAILADDRESS", "1.2.840.113549.1.9.1"))
                        .getName(X500Principal.CANONICAL);
        return new TreeSet<>(List.of(canonical.split("(?<!\\\\)[,+]")));
    }
}
