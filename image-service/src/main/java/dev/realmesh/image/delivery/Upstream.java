// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.ReferrerDescriptor;
import dev.realmesh.oci.registry.Backoff;
import dev.realmesh.oci.registry.ClientOptions;
import dev.realmesh.oci.registry.FetchedManifest;
import dev.realmesh.oci.registry.RegistryClient;
import dev.realmesh.oci.registry.RegistryClientException;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Other registries. An image is asked for at the mirrors of its registry first, each once, and then at the registry
/// itself: a mirror that is away, has not got it, or has other bytes than their digest says is passed over, and the log
/// says why.
public final class Upstream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    private final RegistryClient registries;
    private final RegistryClient mirrors;
    private final Mirrors known;

    /// @param options of the registries; mirrors are asked once, where these say more often
    public Upstream(ClientOptions options, Mirrors known, InstantSource clock) {
        this.registries = new RegistryClient(options, clock);
        this.mirrors = new RegistryClient(options.withBackoff(Backoff.of(1)), clock);
        this.known = known;
    }

    /// What is asked of one registry.
    private interface Question<T> {
        T ask(RegistryClient client, Reference image) throws IOException;
    }

    /// What is done with a blob while it comes.
    interface Taking {
        void take(InputStream content) throws IOException;
    }

    /// As [RegistryClient#manifest].
    FetchedManifest manifest(Reference image) throws IOException {
        return first(image, RegistryClient::manifest);
    }

    /// As [RegistryClient#blob].
    ///
    /// @param taking checks it, and is called again with that of the next registry where it throws
    void blob(Reference image, OciDigest digest, Taking taking) throws IOException {
        var unused = first(image, (client, place) -> {
            try (InputStream content = client.blob(place, digest)) {
                taking.take(content);
                return digest;
            }
        });
    }

    /// As [RegistryClient#referrers]. Mirrors are not asked: what they lack, such as a new signature, they do not know
    /// of.
    List<ReferrerDescriptor> referrers(Reference image, OciDigest subject) {
        return registries.referrers(image, subject);
    }

    private <T> T first(Reference image, Question<T> question) throws IOException {
        for (Reference mirror : known.of(image)) {
            try {
                return question.ask(mirrors, mirror);
            } catch (RegistryClientException | OciException | RegistryException.DigestInvalid e) {
                LOG.info("mirror of {}: passed over, {}", image.registry(), e.getMessage());
            }
        }
        return question.ask(registries, image);
    }

    @Override
    public void close() {
        registries.close();
        mirrors.close();
    }
}
