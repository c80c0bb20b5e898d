// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Any packet that a session could send.
final class RandomFrames {
    private final RandomGenerator random;

    RandomFrames(RandomGenerator random) {
        this.random = random;
    }

    Packet packet() {
        List<Frame> frames =
                IntStream.range(0, 1 + random.nextInt(8)).mapToObj(i -> frame()).toList();
        return new Packet(random.nextLong(), frames);
    }

    private Frame frame() {
        int stream = 1 + random.nextInt(Integer.MAX_VALUE);
        return switch (random.nextInt(10)) {
            case 0 -> new Frame.Connect(1, random.nextInt(65_536), settings(), text(), text());
            case 1 -> new Frame.Accept(1, settings(), text(), text());
            case 2 -> new Frame.Headers(stream, text(), text(), metadata());
            case 3 -> new Frame.Data(stream, bytes(random.nextInt(3000)), random.nextBoolean());
            case 4 -> new Frame.Trailers(stream, metadata());
            case 5 -> new Frame.Reset(stream, random.nextInt(17), random.nextBoolean(), text());
            case 6 -> new Frame.Window(random.nextInt(3), 1 + random.nextInt(1 << 30));
            case 7 -> new Frame.Ping(random.nextBoolean(), random.nextLong());
            case 8 -> new Frame.GoAway(text());
            default -> new Frame.Bye(random.nextInt(17), random.nextInt(100), text());
        };
    }

    private Settings settings() {
        int window = (16 << 10) + random.nextInt(1 << 20);
        return new Settings(
                random.nextInt(65_537), window, window + random.nextInt(1 << 20), 4096 + random.nextInt(1000), 1024);
    }

    private MetadataBlock metadata() {
        return new MetadataBlock(IntStream.range(0, random.nextInt(5))
                .mapToObj(i -> random.nextBoolean()
                        ? new MetadataBlock.Entry(ascii("key-" + i), ascii("value " + random.nextInt()))
                        : new MetadataBlock.Entry(ascii("key-" + i + "-bin"), bytes(random.nextInt(100))))
                .toList());
    }

    private String text() {
        return random.nextInt(3) == 0 ? "" : "grüße/" + random.nextInt();
    }

    private static Bytes ascii(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Bytes bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
