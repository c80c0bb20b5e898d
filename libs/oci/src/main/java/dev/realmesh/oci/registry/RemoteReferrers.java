// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.Referrer;
import dev.realmesh.oci.ReferrerDescriptor;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a registry has about a manifest: by its referrers API, page by page; where there is none, by the tag that
/// clients keep in its place (OCI distribution specification 1.1, "Listing Referrers", "Referrers Tag Schema").
final class RemoteReferrers {
    private static final int MAX_PAGES = 10;
    private static final int MAX_ENTRIES = 1000;
    private static final Pattern NEXT = Pattern.compile("<([^>]{1,2048})>\\s*;\\s*rel=\"?next\"?");

    private final RegistryHttp http;
    private final RemoteRepository repository;

    RemoteReferrers(RegistryHttp http, RemoteRepository repository) {
        this.http = http;
        this.repository = repository;
    }

    /// All that there are.
    ///
    /// @throws RegistryClientException if the registry does not tell
    /// @throws OciException if a list is none, or there are more than 1000
    List<ReferrerDescriptor> of(OciDigest subject) {
        try {
            return byApi(subject);
        } catch (RegistryClientException.NotFound noSuchApi) {
            return byTag(subject);
        }
    }

    /// Adds one to the tag's list, as the client does at a registry without the API; whoever does so at the same time
    /// may be lost.
    ///
    /// @throws RegistryClientException if the registry does not take it
    void add(Descriptor manifest, Referrer about) {
        List<ReferrerDescriptor> known = byTag(about.subject());
        if (known.stream().anyMatch(each -> each.manifest().digest().equals(manifest.digest()))) {
            return;
        }
        List<ReferrerDescriptor> all = new ArrayList<>(known);
        all.add(ReferrerDescriptor.of(manifest, about));
        HttpRequest.Builder put = HttpRequest.newBuilder(repository.manifest(tag(about.subject())))
                .header("Content-Type", MediaTypes.OCI_INDEX)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(ReferrerDescriptor.writeAll(all)));
        http.expect(repository, UploadPlace.closed(http.send(repository, put)), 201);
    }

    private List<ReferrerDescriptor> byApi(OciDigest subject) {
        List<ReferrerDescriptor> found = new ArrayList<>();
        Optional<URI> next = Optional.of(repository.referrers(subject));
        for (int page = 0; next.isPresent(); page++) {
            if (page == MAX_PAGES) {
                throw new OciException.LimitExceeded("pages of the list of referrers", MAX_PAGES);
            }
            next = read(next.get(), found);
        }
        return List.copyOf(found);
    }

    private List<ReferrerDescriptor> byTag(OciDigest subject) {
        List<ReferrerDescriptor> found = new ArrayList<>();
        try {
            read(repository.manifest(tag(subject)), found);
        } catch (RegistryClientException.NotFound none) {
            return List.of();
        }
        return List.copyOf(found);
    }

    private Optional<URI> read(URI page, List<ReferrerDescriptor> found) {
        HttpResponse<InputStream> response =
                http.get(repository, HttpRequest.newBuilder(page).header("Accept", RegistryClient.MANIFEST_TYPES));
        found.addAll(ReferrerDescriptor.readAll(http.read(response, Manifest.MAX_BYTES)));
        if (found.size() > MAX_ENTRIES) {
            throw new OciException.LimitExceeded("referrers of a manifest", MAX_ENTRIES);
        }
        return response.headers().allValues("Link").stream()
                .map(NEXT::matcher)
                .filter(Matcher::find)
                .findFirst()
                .map(link -> next(page, link.group(1)));
    }

    /// The next page is in the same place: what is elsewhere must not see this one's credentials.
    private static URI next(URI page, String link) {
        try {
            URI next = page.resolve(link);
            if (RegistryHttp.sameHost(page, next)) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            throw new RegistryClientException.BadAnswer(page, "Link is no URI");
        }
        throw new RegistryClientException.BadAnswer(page, "Link to another host");
    }

    /// Cut to the length of a tag, as the specification says.
    private static Reference.Tag tag(OciDigest subject) {
        String tag = subject.algorithm().prefix() + "-" + subject.hex();
        return new Reference.Tag(tag.substring(0, Math.min(tag.length(), 128)));
    }
}
