// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.remote.Patience;
import dev.realmesh.remote.RemoteException;
import dev.realmesh.remote.RemoteService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// An Open Policy Agent by its REST API, version 1. It checks policies when they are put to it, and evaluates them;
/// what
/// it lost, as in a restart, is put to it again. That it does not answer, or knows of no outcome, is never a yes.
public final class Opa implements AutoCloseable {
    private static final String HEALTH = "/health";
    private static final Logger LOG = LoggerFactory.getLogger(Opa.class);

    /// Equal inputs are equal requests.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final URI base;
    private final RemoteService http;
    private final Patience patience;
    private final RegoFrame frame;

    private Opa(OpaConfig config, RegoFrame frame) {
        this.frame = frame;
        this.base = config.url();
        this.http = new RemoteService(config.access());
        this.patience = new Patience(base, config.attempts());
    }

    /// A client of the OPA that `config` names. It is not called yet.
    ///
    /// @param frame of the service whose policies they are
    /// @throws IllegalArgumentException if a file of the configuration cannot be used; the message says which
    public static Opa open(OpaConfig config, RegoFrame frame) {
        return new Opa(config, frame);
    }

    /// What is wrong with OPA, as its health shows, in words for anybody; empty if nothing is.
    public Optional<String> problem() {
        try {
            http.send(HttpRequest.newBuilder(uri(HEALTH)).GET(), Set.of(200));
            return Optional.empty();
        } catch (RemoteException.Unreachable e) {
            return Optional.of("does not answer");
        } catch (RemoteException e) {
            return Optional.of("gives no answer that can be used");
        }
    }

    /// Puts a policy to OPA, which parses and type-checks it.
    ///
    /// @throws PolicyException.Invalid if it is none; the message says where
    /// @throws PolicyException.Unavailable if OPA does not say
    public RegoModule put(PolicyText policy) {
        RegoModule module = RegoModule.of(frame, policy);
        return asking(() -> {
            put(module);
            return module;
        });
    }

    /// What a policy comes to: the document `outcome` of its module; nothing if it cannot be evaluated on that input.
    ///
    /// @throws PolicyException.Unavailable if OPA does not say
    /// @throws PolicyException.Invalid if OPA, which may be another one by now, does not take the policy any more
    public Optional<JsonNode> outcome(RegoModule module, Map<String, Object> input) {
        return asking(() -> {
            Outcome outcome = ask(module, input);
            if (outcome instanceof Outcome.Undefined) {
                put(module);
                outcome = ask(module, input);
            }
            return switch (outcome) {
                case Outcome.Defined defined -> Optional.of(defined.document());
                case Outcome.Failed unused -> Optional.empty();
                case Outcome.Undefined unused ->
                    throw new RemoteException.Unreachable(base, "does not keep the policy (expected: its outcome)");
            };
        });
    }

    /// Takes a policy away again. That it cannot be harms nobody.
    public void remove(RegoModule module) {
        URI uri = uri("/v1/policies/" + module.path());
        try {
            http.send(HttpRequest.newBuilder(uri).DELETE(), Set.of(200, 404));
        } catch (RemoteException e) {
            LOG.debug("policy not removed: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private sealed interface Outcome {
        record Defined(JsonNode document) implements Outcome {}

        record Undefined() implements Outcome {}

        record Failed() implements Outcome {}
    }

    private <T> T asking(Supplier<T> work) {
        try {
            return patience.during(work);
        } catch (RemoteException e) {
            throw new PolicyException.Unavailable("OPA, " + e.getMessage(), e);
        }
    }

    private void put(RegoModule module) {
        RemoteService.Answer answer = http.send(
                HttpRequest.newBuilder(uri("/v1/policies/" + module.path()))
                        .header("Content-Type", "text/plain")
                        .PUT(BodyPublishers.ofString(module.text())),
                Set.of(200, 400));
        if (answer.status() == 400) {
            throw new PolicyException.Invalid(RegoErrors.text(answer.body(), module.lines()));
        }
    }

    private Outcome ask(RegoModule module, Map<String, Object> input) {
        URI uri = uri("/v1/data/" + module.outcomePath());
        String body = JSON.writeValueAsString(Map.of("input", input));
        RemoteService.Answer answer = http.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)),
                Set.of(200, 500));
        if (answer.status() == 500) {
            if (!RegoErrors.areOfThePolicy(answer.body())) {
                throw new RemoteException.Unreachable(uri, "500");
            }
            LOG.warn("policy not evaluated: {}", RegoErrors.text(answer.body(), module.lines()));
            return new Outcome.Failed();
        }
        JsonNode result = answer.body().path("result");
        if (result.isMissingNode()) {
            return new Outcome.Undefined();
        }
        if (!result.path("policy").asString("").equals(module.id())) {
            throw new RemoteException.NotTrusted(uri, "another outcome (expected: one of the policy that was put)");
        }
        return new Outcome.Defined(result);
    }

    private URI uri(String path) {
        String text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }
}
