// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cli.Outcome;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `realmesh measure` in the words of upstream's `realm-measurements`, with the cases of its own tests.
class MeasureCommandTest {
    private static final JsonNode UPSTREAM = JsonMapper.shared().readTree(Vectors.text("rmm/rim-upstream.json"));
    private static final String ZERO = "0".repeat(128);

    @TempDir
    Path folder;

    @BeforeEach
    void writeImages() throws IOException {
        Files.write(
                folder.resolve("kernel"),
                HexFormat.of().parseHex(UPSTREAM.get("kernelHex").asString()));
        Files.writeString(folder.resolve("initrd"), "INITRD CONTENT");
        Files.writeString(folder.resolve("firmware"), "FW CONTENT");
    }

    static Stream<Arguments> upstream() {
        return StreamSupport.stream(UPSTREAM.get("cases").spliterator(), false)
                .map(each -> Arguments.of(each.get("name").asString(), each));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("upstream")
    void printsWhatUpstreamPrints(String name, JsonNode vector) throws IOException {
        List<String> words = words("--output-dtb", folder.resolve("dtb").toString());
        for (Map.Entry<String, JsonNode> option : vector.get("hostOptions").properties()) {
            words.addAll(List.of("--" + option.getKey(), option.getValue().asString()));
        }
        words.add(vector.get("vmm").asString());
        vector.get("vmmArgs").forEach(argument -> words.add(argument.asString()));

        Outcome run = Outcome.of(words);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).as(name).startsWith("RIM: " + vector.get("rim").asString() + "\nREM0: ");
        assertThat(run.out().lines()).hasSize(5).last().isEqualTo("REM3: " + ZERO);
        assertThat(folder.resolve("dtb")).hasSize(vector.get("dtbSize").asLong());
    }

    @Test
    void printsBase64() {
        Outcome run = measure("--print-b64", "kvmtool", "-c", "1", "-m", "512M", "--firmware", "f");

        String rim = UPSTREAM.at("/cases/1/rim").asString();
        String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(rim));
        assertThat(run.out()).startsWith("RIM: " + base64 + "\n");
    }

    @Test
    void printsJson() {
        Outcome run = measure("--json", "qemu", "-bios", "f", "-kernel", "k", "-initrd", "i");

        JsonNode json = JsonMapper.shared().readTree(run.out());
        assertThat(json.propertyNames()).containsExactly("rim", "rem", "algorithm", "rpv");
        assertThat(json.get("rim").asString()).hasSize(128);
        assertThat(json.get("rem")).hasSize(4);
        assertThat(json.at("/rem/0").asString()).isNotEqualTo(ZERO);
        assertThat(json.at("/rem/1").asString()).isEqualTo(ZERO);
        assertThat(json.get("algorithm").asString()).isEqualTo("sha-512");
    }

    @Test
    void explainsWhatMakesTheRim() {
        Outcome run = measure("--explain", "qemu", "-m", "1G", "-smp", "2", "-kernel", "k", "-initrd", "i");

        String rim = run.out()
                .lines()
                .filter(line -> line.startsWith("RIM"))
                .findFirst()
                .orElseThrow();
        assertThat(run.out().lines().map(line -> line.split("\\s+", 2)[0]))
                .startsWith(
                        "REALM_CREATE",
                        "INIT_RIPAS",
                        "DATA_CREATE",
                        "DATA_CREATE",
                        "DATA_CREATE",
                        "REC_CREATE",
                        "RIM:");
        assertThat(run.out())
                .contains("initrd at 0x48000000, 14 bytes in 1 page")
                .contains("pc 0x40000000, x0 0x48200000")
                .contains(rim.substring(5, 21) + "…");
        assertThat(measure("-vv", "qemu").out()).startsWith("REALM_CREATE");
    }

    @Test
    void measuresADeviceTreeAsItIs() {
        Path tree = folder.resolve("dtb");
        Outcome made = measure("--output-dtb", tree.toString(), "qemu", "-smp", "2");

        Outcome given = measure("--dtb", tree.toString(), "qemu", "-smp", "8");

        assertThat(given.out()).isEqualTo(made.out());
    }

    @Test
    void checksOnlyIfAskedTo() {
        assertThat(measure("--no-measurements", "qemu").out()).isEmpty();
        assertThat(measure("--no-measurements", "qemu", "-kernel", "k").exitCode())
                .isZero();
    }

    @Test
    void writesTheLogOfEvents() {
        Path log = folder.resolve("log");

        Outcome with =
                measure("--output-event-log", log.toString(), "qemu", "-object", "rme-guest,id=r,measurement-log=on");
        Outcome without = measure("--output-event-log", log.toString(), "qemu");

        assertThat(with.exitCode()).isZero();
        assertThat(log).hasSize(64 << 10);
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.err())
                .isEqualTo("realmesh: no event log (expected: kvmtool's --measurement-log, or measurement-log=on of"
                        + " rme-guest)\n");
    }

    @Test
    void warnsOfWhatItPassesOver() {
        Outcome run = measure("qemu", "-device", "ramfb");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("realmesh: warning: -device ramfb: not known, passed over\n");
    }

    @Test
    void putsMeasurementsIntoAComidForCocli() throws IOException {
        Path template = Files.writeString(folder.resolve("template.json"), """
                {"lang": "en-GB", "triples": {"reference-values": [
                  {"environment": {"class": {"vendor": "v"}}, "measurements": [{"value": {}}, {"value": {}}]}]}}
                """);
        Path output = folder.resolve("comid.json");

        Outcome run = measure(
                "--endorsements-template",
                template.toString(),
                "--endorsements-output",
                output.toString(),
                "kvmtool",
                "-c",
                "1",
                "-m",
                "512M",
                "--realm-pv",
                "x");

        JsonNode comid = JsonMapper.shared().readTree(Files.readString(output));
        JsonNode reference = comid.at("/triples/reference-values/0");
        assertThat(run.out()).isEmpty();
        assertThat(comid.get("lang").asString()).isEqualTo("en-GB");
        assertThat(reference.at("/environment/class/vendor").asString()).isEqualTo("v");
        assertThat(reference.get("measurements")).hasSize(1);
        assertThat(reference.at("/measurements/0/value/raw-value/value").asString())
                .startsWith("eAAA")
                .hasSize(88);
        byte[] rim = HexFormat.of().parseHex(UPSTREAM.at("/cases/0/rim").asString());
        assertThat(reference
                        .at("/measurements/0/value/integrity-registers/rim/value/0")
                        .asString())
                .isEqualTo("sha-256;" + Base64.getEncoder().encodeToString(rim));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                               | 2 | no monitor (expected: kvmtool, qemu or cloud-hv, then its arguments)
            crosvm                           | 2 | crosvm (expected: one of kvmtool, qemu, cloud-hv)
            qemu -cpu max                    | 2 | -cpu: max (expected: host)
            kvmtool -c 1 -m 1G --sve         | 2 | --sve (expected: an option that Realms can be measured with)
            --num-bps many qemu              | 2 | Invalid value for option '--num-bps': 'many' is not an int
            --num-bps 65 qemu                | 1 | machine: num_bps 65 (expected: 2 to 64)
            -c nowhere qemu                  | 1 | capabilities: nowhere: cannot be read (expected: a file, or one of fvp, kvm, qemu-max-8.2, rmm-1.0-eac5)
            kvmtool -c 1 -m 4G               | 1 | an RMM refuses this Realm: RAM ends at 0x180000000 (expected: at most 0x100000000 with 33 IPA bits, of which the upper half is shared with the host)
            --dtb nowhere qemu               | 1 | nowhere: cannot be read (expected: the device tree)
            --diff nowhere nowhere           | 1 | nowhere: cannot be read (expected: output of realmesh measure --json)
            """)
    void refusesInOneLine(String line, int exitCode, String message) {
        List<String> words = words("--num-bps", "6", "--num-wps", "6");
        if (line.startsWith("-")) {
            words.subList(1, 5).clear();
        }
        if (!line.isEmpty()) {
            words.addAll(List.of(line.split(" ")));
        }

        Outcome run = Outcome.of(words);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.err()).startsWith("realmesh: " + message).hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void saysThatTwoRealmsAreTheSame() {
        String file = file("a", "qemu", "-kernel", "k");

        Outcome run = Outcome.of("measure", "--diff", file, file);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("RIM: the same\n");
    }

    @Test
    void saysWhatMakesTwoRealmsDiffer() throws IOException {
        String first = file("a", "qemu", "-smp", "2", "-m", "1G", "-kernel", "k", "-initrd", "i");
        Files.write(folder.resolve("initrd"), new byte[] {1});
        String second = file(
                "b", "qemu", "-smp", "3", "-m", "2G", "-kernel", "k", "-initrd", "i", "-cpu", "host,num-breakpoints=4");

        Outcome run = Outcome.of("measure", "--diff", first, second);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().lines().skip(2).toList())
                .startsWith(
                        "REALM_CREATE num_bps",
                        "    5",
                        "    3",
                        "INIT_RIPAS top",
                        "    0x80000000",
                        "    0xc0000000",
                        "initrd size",
                        "    14 bytes",
                        "    1 bytes",
                        "initrd pages 0",
                        "    1 of 1, the first at 0x48000000",
                        "    1 of 1",
                        "device tree /interrupt-parent",
                        "    <0x8003>",
                        "    <0x8004>")
                .containsSequence("device tree /cpus/cpu@2", "    not there", "    a node")
                .containsSequence(
                        "device tree /memory@40000000/reg",
                        "    <0x0 0x40000000 0x0 0x40000000>",
                        "    <0x0 0x40000000 0x0 0x80000000>");
    }

    @Test
    void saysWhatDiffersFromAFile() {
        String file = file("a", "qemu", "-kernel", "k", "-append", "quiet");

        Outcome run = measure("--json", "--against", file, "qemu", "-kernel", "k", "-bios", "f");

        List<String> places = new ArrayList<>();
        JsonMapper.shared()
                .readTree(run.out())
                .forEach(each -> places.add(each.get("where").asString()));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(places)
                .contains("kernel", "firmware", "device tree address", "device tree /chosen/bootargs")
                .contains("REC_CREATE pc", "REC_CREATE x0");
    }

    @Test
    void comparesOnlyWhatIsExplained() {
        String file = folder.resolve("a").toString();
        writeJson(file, measure("--json", "qemu"));

        Outcome run = Outcome.of("measure", "--diff", file, file);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("realmesh: " + file + ": no operations (expected: realmesh measure --json --explain)\n");
    }

    private String file(String name, String... line) {
        String file = folder.resolve(name).toString();
        List<String> words = new ArrayList<>(List.of("--json", "--explain"));
        words.addAll(List.of(line));
        writeJson(file, measure(words.toArray(String[]::new)));
        return file;
    }

    private static void writeJson(String file, Outcome run) {
        try {
            Files.writeString(Path.of(file), run.out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Outcome measure(String... line) {
        List<String> words = words("--num-bps", "6", "--num-wps", "6");
        words.addAll(List.of(line));
        return Outcome.of(words);
    }

    private List<String> words(String... options) {
        List<String> words = new ArrayList<>(List.of("measure"));
        words.addAll(List.of(options));
        words.addAll(List.of("-k", folder.resolve("kernel").toString()));
        words.addAll(List.of("-i", folder.resolve("initrd").toString()));
        words.addAll(List.of("-f", folder.resolve("firmware").toString()));
        return words;
    }
}
