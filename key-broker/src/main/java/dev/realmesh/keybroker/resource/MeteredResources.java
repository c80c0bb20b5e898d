// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.keybroker.metrics.KbsMetrics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Counts what is done to secrets, wherever they are.
///
/// @param resources where they are
public record MeteredResources(ResourceRepository resources, KbsMetrics metrics) implements ResourceRepository {
    @Override
    public void put(ResourcePath path, SecretBytes secret, String actor) {
        metrics.resourceWritten();
        resources.put(path, secret, actor);
    }

    @Override
    public boolean putNew(ResourcePath path, SecretBytes secret, String actor) {
        metrics.resourceWritten();
        return resources.putNew(path, secret, actor);
    }

    @Override
    public Optional<SecretBytes> find(ResourcePath path) {
        metrics.resourceRead();
        return resources.find(path);
    }

    @Override
    public List<Version> versions(ResourcePath path) {
        return resources.versions(path);
    }

    @Override
    public OptionalLong restore(ResourcePath path, long version, String actor) {
        metrics.resourceWritten();
        return resources.restore(path, version, actor);
    }

    @Override
    public List<ResourcePath> list() {
        return resources.list();
    }

    @Override
    public boolean delete(ResourcePath path, String actor) {
        metrics.resourceDeleted();
        return resources.delete(path, actor);
    }
}
