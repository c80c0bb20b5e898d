// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Speaks as Vault's HTTP API is documented: KV 1 at `secret`, KV 2 at `kv`, transit at `transit`, AppRole, tokens that
/// end. What it is asked for that is not in the documents fails the call.
public final class VaultUnderTest implements AutoCloseable {
    public static final String ROLE = "role-1";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration TOKEN_TIME = Duration.ofMinutes(30);
    private static final int MOST_RENEWALS = 2;

    /// KV 1: documents by path.
    public final Map<String, JsonNode> kv1 = new TreeMap<>();
    /// What was asked, as `METHOD path`.
    public final List<String> asked = new ArrayList<>();

    private final InstantSource clock;
    private final HttpServer http;
    private final Map<String, Token> tokens = new HashMap<>();
    private final Map<String, List<Stored>> kv2 = new TreeMap<>();
    private final Map<String, String> transitPlaintexts = new HashMap<>();
    private int transitVersion = 1;
    private boolean sealed;

    private record Token(Instant ends, boolean renewable, int renewals) {}

    private record Stored(JsonNode document, Instant at, boolean deleted) {}

    private record Reply(int status, JsonNode body) {}

    public VaultUnderTest(InstantSource clock) {
        this.clock = clock;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/v1/", this::handle);
        http.start();
    }

    /// What a broker is told of it, with AppRole.
    public VaultConfig config(Path folder, Optional<VaultConfig.Kv> kv, Optional<VaultConfig.Transit> transit) {
        Path secretId = secretFile(folder.resolve("secret-id"), "secret-id-1\n");
        var role = new VaultConfig.AppRole("approle", ROLE, secretId);
        return new VaultConfig(
                address(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(role),
                Duration.ofSeconds(5),
                kv,
                transit);
    }

    public String address() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /// A file that holds a token without end.
    public Path tokenFile(Path folder) {
        tokens.put("root", new Token(Instant.MAX, false, 0));
        return secretFile(folder.resolve("token"), "root");
    }

    public synchronized void seal(boolean whether) {
        sealed = whether;
    }

    public synchronized void rotateTransitKey() {
        transitVersion++;
    }

    /// Forgets all tokens, as if they were revoked.
    public synchronized void revokeTokens() {
        tokens.clear();
    }

    public synchronized long asked(String call) {
        return asked.stream().filter(call::equals).count();
    }

    /// `vault kv delete`, which leaves the version's metadata.
    public synchronized void deleteNewest(String path) {
        List<Stored> versions = kv2.get(path);
        Stored newest = versions.removeLast();
        versions.add(new Stored(newest.document(), newest.at(), true));
    }

    public synchronized void putKv2(String path, JsonNode document) {
        kv2.computeIfAbsent(path, unused -> new ArrayList<>()).add(new Stored(document, clock.instant(), false));
    }

    public synchronized JsonNode newestKv2(String path) {
        return kv2.get(path).getLast().document();
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private static Path secretFile(Path file, String content) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            byte[] body = reply.body().isEmpty() ? new byte[0] : JSON.writeValueAsBytes(reply.body());
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private synchronized Reply reply(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/v1/".length());
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        String method = query.equals("list=true") ? "LIST" : exchange.getRequestMethod();
        asked.add(method + " " + path);
        byte[] body = exchange.getRequestBody().readAllBytes();
        JsonNode given = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        if (sealed) {
            return errors(503, "Vault is sealed");
        }
        if (path.equals("auth/approle/login")) {
            return login(given);
        }
        String token = exchange.getRequestHeaders().getFirst("X-Vault-Token");
        if (token == null
                || !tokens.containsKey(token)
                || !clock.instant().isBefore(tokens.get(token).ends())) {
            return errors(403, "permission denied");
        }
        String[] parts = path.split("/", 3);
        return switch (parts[0]) {
            case "auth" -> token(token, method, path);
            case "secret" -> kv1(method, path.substring("secret/".length()), given);
            case "kv" -> kv2(method, parts[1], parts[2], query, given);
            case "transit" -> transit(method, parts[1], parts[2], given);
            default -> errors(404, "no handler for route");
        };
    }

    private Reply login(JsonNode given) {
        if (!given.path("role_id").asString("").equals(ROLE)
                || !given.path("secret_id").asString("").equals("secret-id-1")) {
            return errors(400, "invalid role or secret ID");
        }
        String token = "s." + (tokens.size() + asked.size());
        tokens.put(token, new Token(clock.instant().plus(TOKEN_TIME), true, 0));
        return auth(token);
    }

    private Reply token(String name, String method, String path) {
        Token token = tokens.get(name);
        if (path.equals("auth/token/lookup-self") && method.equals("GET")) {
            ObjectNode data = JSON.createObjectNode()
                    .put("accessor", "accessor-1")
                    .put("creation_time", 1)
                    .put("creation_ttl", TOKEN_TIME.toSeconds())
                    .put("display_name", "approle")
                    .put("explicit_max_ttl", 0)
                    .put("id", name)
                    .put("num_uses", 0)
                    .put("orphan", true)
                    .put("path", "auth/approle/login")
                    .put("renewable", token.renewable())
                    .put("ttl", token.renewable() ? TOKEN_TIME.toSeconds() : 0);
            data.putArray("policies").add("default");
            return data(data);
        }
        if (path.equals("auth/token/renew-self") && method.equals("POST")) {
            if (!token.renewable() || token.renewals() == MOST_RENEWALS) {
                return errors(400, "lease is not renewable");
            }
            tokens.put(name, new Token(clock.instant().plus(TOKEN_TIME), true, token.renewals() + 1));
            return auth(name);
        }
        return errors(405, "unsupported operation");
    }

    private static Reply auth(String token) {
        ObjectNode answer = envelope();
        ObjectNode auth = answer.putObject("auth")
                .put("client_token", token)
                .put("accessor", "accessor-1")
                .put("lease_duration", TOKEN_TIME.toSeconds())
                .put("renewable", true);
        auth.putArray("policies").add("default");
        auth.putObject("metadata").put("role_name", "broker");
        return new Reply(200, answer);
    }

    private Reply kv1(String method, String path, JsonNode given) {
        return switch (method) {
            case "GET" -> kv1.containsKey(path) ? data(kv1.get(path)) : errors(404);
            case "LIST" -> list(kv1.keySet(), path);
            case "POST", "PUT" -> {
                kv1.put(path, given);
                yield done();
            }
            case "DELETE" -> {
                kv1.remove(path);
                yield done();
            }
            default -> errors(405, "unsupported operation");
        };
    }

    private Reply kv2(String method, String kind, String path, String query, JsonNode given) {
        List<Stored> versions = kv2.getOrDefault(path, List.of());
        return switch (method + " " + kind) {
            case "GET data" -> read(versions, query);
            case "POST data", "PUT data" -> write(path, versions, given);
            case "GET metadata" -> versions.isEmpty() ? errors(404) : data(metadata(versions));
            case "DELETE metadata" -> {
                kv2.remove(path);
                yield done();
            }
            case "LIST metadata" -> list(kv2.keySet(), path);
            default -> errors(405, "unsupported operation");
        };
    }

    private static Reply read(List<Stored> versions, String query) {
        int number = query.isEmpty() ? versions.size() : Integer.parseInt(query.substring("version=".length()));
        if (number < 1 || number > versions.size()) {
            return errors(404);
        }
        Stored stored = versions.get(number - 1);
        ObjectNode data = JSON.createObjectNode();
        data.set("data", stored.deleted() ? JSON.nullNode() : stored.document());
        data.set("metadata", metadata(stored).put("version", number));
        return new Reply(stored.deleted() ? 404 : 200, JSON.createObjectNode().set("data", data));
    }

    private Reply write(String path, List<Stored> versions, JsonNode given) {
        if (!given.path("data").isObject()) {
            return errors(400, "no data provided");
        }
        JsonNode cas = given.at("/options/cas");
        if (cas.isInt() && cas.intValue() != versions.size()) {
            return errors(400, "check-and-set parameter did not match the current version");
        }
        putKv2(path, given.get("data"));
        List<Stored> now = kv2.get(path);
        return data(metadata(now.getLast()).put("version", now.size()));
    }

    private static ObjectNode metadata(List<Stored> versions) {
        ObjectNode data = JSON.createObjectNode().put("current_version", versions.size());
        ObjectNode each = data.putObject("versions");
        for (int i = 0; i < versions.size(); i++) {
            each.set(Integer.toString(i + 1), metadata(versions.get(i)));
        }
        return data;
    }

    private static ObjectNode metadata(Stored stored) {
        return JSON.createObjectNode()
                .put("created_time", stored.at().toString())
                .put("deletion_time", stored.deleted() ? stored.at().toString() : "")
                .put("destroyed", false);
    }

    private static Reply list(Iterable<String> paths, String folder) {
        String prefix = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
        TreeSet<String> keys = new TreeSet<>();
        for (String path : paths) {
            if (path.startsWith(prefix)) {
                String rest = path.substring(prefix.length());
                keys.add(rest.contains("/") ? rest.substring(0, rest.indexOf('/') + 1) : rest);
            }
        }
        ObjectNode data = JSON.createObjectNode();
        keys.forEach(data.putArray("keys")::add);
        return keys.isEmpty() ? errors(404) : data(data);
    }

    /// No ciphertext of this Vault is more than a name for what it keeps.
    private Reply transit(String method, String operation, String key, JsonNode given) {
        if (!method.equals("POST") && !method.equals("PUT") || !key.equals("realmesh")) {
            return errors(403, "permission denied");
        }
        ObjectNode data = JSON.createObjectNode();
        String known = transitPlaintexts.get(given.path("ciphertext").asString(""));
        switch (operation) {
            case "encrypt" -> data.put("ciphertext", kept(given.get("plaintext").stringValue()));
            case "decrypt" -> {
                if (known == null) {
                    return errors(400, "invalid ciphertext");
                }
                data.put("plaintext", known);
            }
            case "rewrap" -> {
                if (known == null) {
                    return errors(400, "invalid ciphertext");
                }
                data.put("ciphertext", kept(known));
            }
            default -> {
                return errors(405, "unsupported operation");
            }
        }
        return data(data);
    }

    private String kept(String base64) {
        Base64.getDecoder().decode(base64);
        String name = Base64.getEncoder()
                .encodeToString(("ciphertext " + transitPlaintexts.size()).getBytes(StandardCharsets.US_ASCII));
        String ciphertext = "vault:v" + transitVersion + ":" + name;
        transitPlaintexts.put(ciphertext, base64);
        return ciphertext;
    }

    private static Reply data(JsonNode data) {
        ObjectNode answer = envelope();
        answer.set("data", data);
        return new Reply(200, answer);
    }

    private static ObjectNode envelope() {
        return JSON.createObjectNode()
                .put("request_id", "1")
                .put("lease_id", "")
                .put("renewable", false)
                .put("lease_duration", 0);
    }

    private static Reply done() {
        return new Reply(204, JSON.createObjectNode());
    }

    private static Reply errors(int status, String... texts) {
        ObjectNode answer = JSON.createObjectNode();
        var errors = answer.putArray("errors");
        List.of(texts).forEach(errors::add);
        return new Reply(status, answer);
    }
}
