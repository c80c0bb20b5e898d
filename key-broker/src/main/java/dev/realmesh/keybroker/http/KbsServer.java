// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.kbs.message.AttestationMessage;
import dev.realmesh.keybroker.admin.Administrators;
import dev.realmesh.keybroker.metrics.KbsMetrics;
import dev.realmesh.keybroker.policy.ResourcePolicies;
import dev.realmesh.keybroker.rcar.Handshake;
import dev.realmesh.keybroker.rcar.Passports;
import dev.realmesh.keybroker.rcar.SessionStore;
import dev.realmesh.keybroker.release.ReleaseResource;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.keybroker.verifier.AdministerVerifier;
import dev.realmesh.mesh.http.HttpAnswer;
import dev.realmesh.mesh.http.HttpListener;
import dev.realmesh.mesh.http.HttpRequest;
import dev.realmesh.mesh.http.HttpRoutes;
import dev.realmesh.mesh.metrics.Metrics;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Serves the protocol on an address. Paths below the prefix are `PLUGIN/REST`; the one plugin is `resource`.
public final class KbsServer implements AutoCloseable {
    private static final String PREFIX = "/kbs/v0/";
    private static final String RESOURCE = "resource";
    private static final String RESOURCE_POLICY = PREFIX + "resource-policy";
    private static final String REFERENCE_VALUE = PREFIX + "reference-value";
    private static final int MAX_REQUEST = 16 << 10;

    private final HandshakeHandler handshake;
    private final ResourceHandler resource;
    private final Metrics metrics = new Metrics();
    private final PolicyHandler policy;
    private final VerifierHandler verifier;
    private final HttpListener listener;

    private KbsServer(HttpConfig config, Parts parts) {
        handshake = new HandshakeHandler(parts.handshake(), parts.sessions());
        metrics.add(parts.metrics().collectors());
        resource = new ResourceHandler(
                parts.sessions(), parts.passports(), parts.release(), parts.resources(), parts.administrators());
        policy = new PolicyHandler(parts.policies(), parts.administrators());
        verifier = new VerifierHandler(parts.verifier(), parts.administrators());
        listener = HttpListener.start(
                new HttpListener.Address("KBS protocol", config.host(), config.port(), config.tls()),
                new Refusals(),
                parts.metrics(),
                this::routes);
    }

    /// What the protocol is an interface to.
    public record Parts(
            Handshake handshake,
            SessionStore sessions,
            Passports passports,
            ReleaseResource release,
            ResourceRepository resources,
            ResourcePolicies policies,
            AdministerVerifier verifier,
            Administrators administrators,
            KbsMetrics metrics) {}

    /// Starts to serve; blocks until it does.
    ///
    /// @throws IllegalStateException if the address cannot be had
    public static KbsServer start(HttpConfig config, Parts parts) {
        return new KbsServer(config, parts);
    }

    /// The port that it listens on.
    public int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.close();
    }

    private void routes(HttpRoutes routes) {
        routes.on("GET", "/healthz", request -> HttpAnswer.empty(200))
                .on("GET", "/metrics", this::metrics)
                .on("POST", PREFIX + "auth", MAX_REQUEST, handshake::auth)
                .on("POST", PREFIX + "attest", AttestationMessage.MAX_BYTES, handshake::attest)
                .on("GET", RESOURCE_POLICY, policy::list)
                .on("POST", RESOURCE_POLICY, PolicyRequest.MAX_BYTES, policy::post)
                .on("POST", PREFIX + "attestation-policy", PolicyRequest.MAX_BYTES, verifier::setPolicy)
                .on("POST", REFERENCE_VALUE, VerifierHandler.MAX_MESSAGE, verifier::register)
                .on("GET", REFERENCE_VALUE + "/:id", request -> verifier.referenceValue(request, id(request)))
                .on("GET", PREFIX + "*", plugin(resource::get))
                .on("POST", PREFIX + "*", ResourceRepository.MAX_SECRET_BYTES, plugin(resource::post))
                .on("PUT", PREFIX + "*", request -> KbsError.TOKEN_VERIFIER_ERROR.answer(401, "Token Verifier error"))
                .on("DELETE", PREFIX + "*", plugin(resource::delete));
    }

    private HttpAnswer metrics(HttpRequest request) {
        Metrics.Exposition read = metrics.read(request.header("Accept"));
        return HttpAnswer.of(200, read.contentType(), read.content());
    }

    /// The id as it was sent: those of reference values need no escapes.
    private static String id(HttpRequest request) {
        return request.path().substring(request.path().lastIndexOf('/') + 1);
    }

    /// Hands a request to the resource plugin, with the rest of its path as it was sent: a path that must be normalised
    /// first is no resource's.
    private static Function<HttpRequest, HttpAnswer> plugin(BiFunction<HttpRequest, String, HttpAnswer> handler) {
        return request -> {
            String path = request.path();
            if (!path.startsWith(PREFIX)) {
                return HttpAnswer.empty(404);
            }
            String[] parts = path.substring(PREFIX.length()).split("/", 2);
            return parts[0].equals(RESOURCE) && parts.length == 2
                    ? handler.apply(request, parts[1])
                    : KbsError.PLUGIN_NOT_FOUND.answer(404, "Plugin " + parts[0] + " not found");
        };
    }
}
