// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.attestation.rest.RestConfig;
import dev.realmesh.attestation.veraison.VeraisonConfig;
import dev.realmesh.mesh.config.Default;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.storage.PostgresqlConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the service is told; section `attestation-service` of the configuration.
///
/// @param stateFolder folder of key, token and database, made with mode 0700 if there is none; `state-folder`, required
/// @param endorsementFolders folders whose CoRIM files (`*.cbor`, `*.corim`) are stored at the start;
/// `endorsement-folders`,
///     default none
/// @param corimRoots files with certificates, DER or PEM, that signed CoRIMs must lead up to, at most 64;
/// `corim-roots`,
///     default none: then no signed CoRIM is taken
/// @param appraisal by which rules evidence is appraised: strict or veraison-compatible; `appraisal`, default strict
/// @param maxWatchers how many may watch results at once, 1 to 10,000; `max-watchers`, default 64
/// @param retention how long results are kept, 1 minute or longer; `retention`, absent: for good
/// @param database the PostgreSQL that it stores in; `database`, absent: SQLite in the state folder
/// @param veraison the Veraison that appraises; `veraison`, absent: this service itself
/// @param coco how Trustee's API is served; `coco`
/// @param rest where Veraison's REST API is served; `rest`, absent: it is not
/// @param opa the OPA that evaluates policies in Rego; `opa`, absent: there are none
public record AttestationServiceConfig(
        Path stateFolder,
        @Default("") List<Path> endorsementFolders,
        @Default("") List<Path> corimRoots,
        @Default("strict") AppraisalMode appraisal,
        @Default("64") int maxWatchers,
        Optional<Duration> retention,
        Optional<PostgresqlConfig> database,
        Optional<VeraisonConfig> veraison,
        CocoConfig coco,
        Optional<RestConfig> rest,
        Optional<OpaConfig> opa) {
    private static final int MAX_ROOTS = 64;
    private static final Duration SHORTEST_RETENTION = Duration.ofMinutes(1);

    public AttestationServiceConfig {
        endorsementFolders = List.copyOf(endorsementFolders);
        corimRoots = List.copyOf(corimRoots);
        if (corimRoots.size() > MAX_ROOTS) {
            throw new IllegalArgumentException(
                    "corim-roots: " + corimRoots.size() + " files (expected: at most " + MAX_ROOTS + ")");
        }
        retention.filter(time -> time.compareTo(SHORTEST_RETENTION) < 0).ifPresent(time -> {
            throw new IllegalArgumentException("retention: " + time + " (expected: 1m or longer)");
        });
        if (maxWatchers < 1 || maxWatchers > 10_000) {
            throw new IllegalArgumentException("max-watchers: " + maxWatchers + " (expected: 1-10000)");
        }
    }

    /// The defaults.
    public static AttestationServiceConfig withDefaults(Path stateFolder) {
        return new AttestationServiceConfig(
                stateFolder,
                List.of(),
                List.of(),
                AppraisalMode.STRICT,
                64,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                CocoConfig.withDefaults(),
                Optional.empty(),
                Optional.empty());
    }

    /// This, with Veraison's REST API.
    public AttestationServiceConfig withRest(RestConfig served) {
        return new AttestationServiceConfig(
                stateFolder,
                endorsementFolders,
                corimRoots,
                appraisal,
                maxWatchers,
                retention,
                database,
                veraison,
                coco,
                Optional.of(served),
                opa);
    }

    /// This, with Trustee's API served in another way.
    public AttestationServiceConfig withCoco(CocoConfig served) {
        return new AttestationServiceConfig(
                stateFolder,
                endorsementFolders,
                corimRoots,
                appraisal,
                maxWatchers,
                retention,
                database,
                veraison,
                served,
                rest,
                opa);
    }

    /// This, with other endorsement folders.
    public AttestationServiceConfig withEndorsements(List<Path> folders) {
        return new AttestationServiceConfig(
                stateFolder,
                folders,
                corimRoots,
                appraisal,
                maxWatchers,
                retention,
                database,
                veraison,
                coco,
                rest,
                opa);
    }

    /// This, with an OPA.
    public AttestationServiceConfig withOpa(OpaConfig asked) {
        return new AttestationServiceConfig(
                stateFolder,
                endorsementFolders,
                corimRoots,
                appraisal,
                maxWatchers,
                retention,
                database,
                veraison,
                coco,
                rest,
                Optional.of(asked));
    }
}
