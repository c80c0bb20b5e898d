// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import dev.realmesh.mesh.frame.Bytes;
import dev.realmesh.mesh.frame.MetadataBlock;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;

/// gRPC's metadata as blocks, and back.
final class MetadataFrames {
    private MetadataFrames() {}

    /// The pairs, without those that no transport of gRPC would send: they would end the session.
    static MetadataBlock toBlock(Metadata metadata) {
        byte[][] pairs = InternalMetadata.serialize(metadata);
        List<MetadataBlock.Entry> entries = new ArrayList<>(pairs.length / 2);
        for (int i = 0; i < pairs.length; i += 2) {
            MetadataBlock.Entry entry = new MetadataBlock.Entry(Bytes.wrap(pairs[i]), Bytes.wrap(pairs[i + 1]));
            if (entry.wellFormed()) {
                entries.add(entry);
            }
        }
        return new MetadataBlock(entries);
    }

    static Metadata toMetadata(MetadataBlock block) {
        byte[][] pairs = new byte[block.entries().size() * 2][];
        int i = 0;
        for (MetadataBlock.Entry entry : block.entries()) {
            pairs[i++] = entry.name().toByteArray();
            pairs[i++] = entry.value().toByteArray();
        }
        return InternalMetadata.newMetadata(pairs);
    }
}
