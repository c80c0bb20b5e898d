// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.image.registry.StoredManifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.ReferrerDescriptor;
import dev.realmesh.oci.registry.RegistryClientException;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds what is about a manifest, such as its signatures, in our own registry or in another one; that is
/// asked anew for each page.
public final class FindReferrers {
    /// RFC 6838 section 4.2; what has more is no media type.
    private static final int MAX_TYPE_CHARACTERS = 255;

    private static final Comparator<ReferrerDescriptor> BY_DIGEST = Comparator.comparing(FindReferrers::digest);

    private final Registry registry;
    private final Upstream upstream;
    private final KnownRegistries known;

    /// What is looked for.
    ///
    /// @param image names the repository
    /// @param subject what they are about
    /// @param artifactType only those; empty for all
    public record Query(Reference image, OciDigest subject, String artifactType) {
        private boolean accepts(ReferrerDescriptor found) {
            boolean isType = found.artifactType().length() <= MAX_TYPE_CHARACTERS
                    && found.manifest().mediaType().length() <= MAX_TYPE_CHARACTERS;
            return isType && (artifactType.isEmpty() || artifactType.equals(found.artifactType()));
        }
    }

    /// Some of them.
    ///
    /// @param next what the next page comes after; empty if this is the last
    public record Page(List<ReferrerDescriptor> referrers, Optional<OciDigest> next) {
        public Page {
            referrers = List.copyOf(referrers);
        }
    }

    /// @param allowed registries that may be asked, as references have them
    public FindReferrers(Registry registry, Upstream upstream, Set<String> allowed) {
        this.registry = registry;
        this.upstream = upstream;
        this.known = new KnownRegistries(allowed);
    }

    /// A page, ordered by digest. One of our own registry may have fewer than there are: its type is looked at last.
    ///
    /// @param after only those behind this digest; empty for all
    /// @param limit at most so many
    /// @throws DeliveryException if they cannot be had
    public Page page(Query query, String after, int limit) {
        try {
            List<ReferrerDescriptor> candidates =
                    known.isOwn(query.image()) ? own(query, after, limit) : remote(query, after, limit);
            Optional<OciDigest> next = candidates.size() < limit
                    ? Optional.empty()
                    : Optional.of(candidates.getLast().manifest().digest());
            return new Page(candidates.stream().filter(query::accepts).toList(), next);
        } catch (RegistryException e) {
            throw new DeliveryException.Unknown(query.image(), e);
        } catch (RegistryClientException | OciException | IOException e) {
            throw DeliveryException.of(query.image(), e);
        }
    }

    private List<ReferrerDescriptor> own(Query query, String after, int limit) throws IOException {
        return registry.referrers(query.image().repository(), query.subject(), after, limit).stream()
                .map(StoredManifest::asReferrer)
                .flatMap(Optional::stream)
                .toList();
    }

    private List<ReferrerDescriptor> remote(Query query, String after, int limit) {
        return upstream.referrers(query.image(), query.subject()).stream()
                .filter(query::accepts)
                .filter(found -> digest(found).compareTo(after) > 0)
                .sorted(BY_DIGEST)
                .limit(limit)
                .toList();
    }

    private static String digest(ReferrerDescriptor found) {
        return found.manifest().digest().toString();
    }
}
