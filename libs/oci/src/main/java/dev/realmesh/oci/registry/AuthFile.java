// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One auth file. An entry is for a registry, a namespace or a repository of it: the longest one counts. Entries that
/// are URLs, as Docker wrote them, are for the registry that they name.
///
/// Where credential helpers may be run: that of the registry (`credHelpers`) comes before the file's own entries, as
/// containers/image has it; the one for all registries (`credsStore`) after them, and is asked by the name that Docker
/// stores a login under.
final class AuthFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final String AUTHS = "auths";
    private static final Set<String> DOCKER_HUB = Set.of("docker.io", "registry-1.docker.io", "index.docker.io");
    private static final String DOCKER_HUB_STORED = "https://index.docker.io/v1/";

    private final String place;
    private final Optional<JsonDocument> entries;
    private final Map<String, String> helpers;
    private final Optional<String> store;

    private AuthFile(String place, JsonDocument json) {
        this.place = place;
        this.entries = json.optionalObject(AUTHS);
        this.helpers = json.textsByName("credHelpers");
        this.store = json.optionalText("credsStore").filter(name -> !name.isEmpty());
    }

    /// Reads a file.
    ///
    /// @throws RegistryClientException.BadAuthFile if it is none
    static AuthFile read(Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            return parse(file.toString(), content.readNBytes(MAX_BYTES + 1));
        } catch (IOException e) {
            throw new RegistryClientException.BadAuthFile(
                    file.toString(), "cannot be read, " + e.getClass().getSimpleName());
        }
    }

    /// Reads what a file has.
    ///
    /// @param place where it is, for messages
    /// @throws RegistryClientException.BadAuthFile if it is none
    static AuthFile parse(String place, byte[] content) {
        try {
            return new AuthFile(place, JsonDocument.parse("auth file", content, MAX_BYTES));
        } catch (OciException e) {
            throw new RegistryClientException.BadAuthFile(
                    place, "not readable (expected: JSON {\"auths\": {REGISTRY: {\"auth\": …}}}, at most 1 MiB)");
        }
    }

    /// The login for a repository.
    ///
    /// @param programs absent: a login that is with a helper is refused
    Optional<Login> find(String registry, String repository, Optional<CredentialHelpers> programs) {
        Optional<String> helped = key(helpers.keySet(), List.of(registry), registry);
        Optional<String> helper = helped.map(helpers::get);
        if (programs.isPresent() && helper.isPresent()) {
            return programs.get().login(place, helper.get(), helped.get());
        }
        Optional<String> key = key(names(), keys(registry, repository), registry);
        Optional<Login> login = key.flatMap(this::login);
        if (login.isPresent()) {
            return login;
        }
        if (programs.isEmpty()) {
            refuseHelper(registry, helper.or(() -> key.isPresent() ? store : Optional.empty()));
            return Optional.empty();
        }
        String stored = key.orElse(DOCKER_HUB.contains(registry) ? DOCKER_HUB_STORED : registry);
        return store.filter(name -> key.isPresent() || programs.get().has(name))
                .flatMap(name -> programs.get().login(place, name, stored));
    }

    private static Optional<String> key(Collection<String> names, List<String> exact, String registry) {
        return exact.stream()
                .filter(names::contains)
                .findFirst()
                .or(() -> names.stream()
                        .filter(name -> isSameHost(hostOf(name), registry))
                        .findFirst());
    }

    private List<String> names() {
        return entries.map(JsonDocument::names).orElse(List.of());
    }

    private Optional<Login> login(String key) {
        try {
            JsonDocument entry = entries.orElseThrow().object(key);
            Optional<String> token = entry.optionalText("identitytoken").filter(text -> !text.isEmpty());
            if (token.isPresent()) {
                return Optional.of(new Login.IdentityToken(key, token.get()));
            }
            return entry.optionalText("auth").filter(text -> !text.isEmpty()).map(text -> basic(key, text));
        } catch (OciException e) {
            throw new RegistryClientException.BadAuthFile(place, "auths." + key + ": not {\"auth\": …}");
        }
    }

    private Login basic(String key, String encoded) {
        try {
            String decoded = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            if (colon > 0) {
                String password = decoded.substring(colon + 1).replaceAll("^\0+|\0+$", "");
                return new Login.Basic(key, decoded.substring(0, colon), password);
            }
        } catch (IllegalArgumentException e) {
            // Told below; the decoder's own message would tell of the content.
        }
        throw new RegistryClientException.BadAuthFile(
                place, "auths." + key + ".auth: not readable (expected: base64 of USER:PASSWORD)");
    }

    /// A login that is elsewhere is not there; it is better to say so than to ask without it.
    private void refuseHelper(String registry, Optional<String> helper) {
        if (helper.isPresent()) {
            throw new RegistryClientException.BadAuthFile(
                    place,
                    "the login for " + registry + " is with the credential helper " + helper.get()
                            + ", and helpers are not run (expected: auths." + registry + ".auth in the file)");
        }
    }

    /// From the repository up to the registry.
    private static List<String> keys(String registry, String repository) {
        List<String> keys = new ArrayList<>();
        String key = registry + "/" + repository;
        keys.add(key);
        while (key.length() > registry.length()) {
            key = key.substring(0, key.lastIndexOf('/'));
            keys.add(key);
        }
        return keys;
    }

    /// Only a URL's path is nothing; that of another entry is a namespace, whose login is for nothing else.
    private static String hostOf(String key) {
        for (String scheme : List.of("https://", "http://")) {
            if (key.startsWith(scheme)) {
                String rest = key.substring(scheme.length());
                int slash = rest.indexOf('/');
                return slash < 0 ? rest : rest.substring(0, slash);
            }
        }
        return key;
    }

    private static boolean isSameHost(String one, String other) {
        return one.equals(other) || (DOCKER_HUB.contains(one) && DOCKER_HUB.contains(other));
    }
}
