// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.keybroker.keyprovider.KeyProvider;
import dev.realmesh.keybroker.keyprovider.KeyProviderConfig;
import dev.realmesh.keybroker.keyprovider.KeyProviderException;
import dev.realmesh.keybroker.keyprovider.WrapParameters;
import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import dev.realmesh.proto.keyprovider.KeyProviderKeyWrapProtocolInput;
import dev.realmesh.proto.keyprovider.KeyProviderKeyWrapProtocolOutput;
import dev.realmesh.proto.keyprovider.KeyProviderServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `keyprovider.KeyProviderService`, ocicrypt's key provider protocol: JSON in messages of one field.
public final class KeyProviderGrpc extends KeyProviderServiceGrpc.KeyProviderServiceImplBase {
    private static final String PROVIDER = "attestation-agent";
    private static final int MAX_INPUT = 32 << 10;
    private static final int MAX_MESSAGE = 64 << 10;
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final KeyProvider provider;

    KeyProviderGrpc(KeyProvider provider) {
        this.provider = provider;
    }

    /// Serves the protocol on an address of its own.
    ///
    /// @throws IllegalStateException if the address cannot be had
    public static Edge serve(KeyProviderConfig config, KeyProvider provider) {
        EdgeConfig edge = new EdgeConfig(config.host(), config.port(), config.tls(), MAX_MESSAGE);
        return Edge.openApart(edge, List.of(new KeyProviderGrpc(provider)), DRAIN);
    }

    @Override
    public void wrapKey(
            KeyProviderKeyWrapProtocolInput request, StreamObserver<KeyProviderKeyWrapProtocolOutput> observer) {
        Statuses.answer(observer, () -> {
            byte[] packet = wrap(request.getKeyProviderKeyWrapProtocolInput().toByteArray());
            return KeyProviderKeyWrapProtocolOutput.newBuilder()
                    .setKeyProviderKeyWrapProtocolOutput(ByteString.copyFrom(answer(packet)))
                    .build();
        });
    }

    @Override
    public void unWrapKey(
            KeyProviderKeyWrapProtocolInput request, StreamObserver<KeyProviderKeyWrapProtocolOutput> observer) {
        Statuses.answer(observer, () -> {
            throw new KeyProviderException.OnlyInRealms();
        });
    }

    private byte[] wrap(byte[] input) {
        try {
            JsonDocument asked = JsonDocument.parse("key provider input", input, MAX_INPUT);
            String operation = asked.text("op");
            if (!operation.equals("keywrap")) {
                throw new KeyProviderException.Malformed("op: another one (expected: keywrap)");
            }
            JsonDocument wrapping = asked.object("keywrapparams");
            WrapParameters parameters = parameters(wrapping.object("ec"));
            return provider.wrap(parameters, wrapping.bytes("optsdata")).toJson();
        } catch (OciException e) {
            throw new KeyProviderException.Malformed(
                    "key provider input: not in the protocol (expected: op, keywrapparams with ec and optsdata)");
        }
    }

    /// A layer has one annotation of a provider, and that one packet.
    private static WrapParameters parameters(JsonDocument encryptConfig) {
        List<String> texts = encryptConfig.object("Parameters").texts(PROVIDER);
        if (texts.size() != 1) {
            throw new KeyProviderException.Malformed(
                    "Parameters." + PROVIDER + ": " + texts.size() + " (expected: one provider:" + PROVIDER + ":…)");
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(texts.getFirst());
            return WrapParameters.parse(new String(decoded, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new KeyProviderException.Malformed("Parameters." + PROVIDER + ": not base64 (expected: base64)");
        }
    }

    /// Bytes as an array of numbers: Rust's ocicrypt reads nothing else, and Go's reads it too.
    private static byte[] answer(byte[] annotation) {
        ObjectNode answer = BoundedJson.newObject();
        ArrayNode bytes = answer.putObject("keywrapresults").putArray("annotation");
        for (byte each : annotation) {
            bytes.add(Byte.toUnsignedInt(each));
        }
        return BoundedJson.bytes(answer);
    }
}
