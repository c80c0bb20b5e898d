// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import dev.realmesh.attestation.appraisal.AppraiseEvidence;
import dev.realmesh.attestation.appraisal.Appraiser;
import dev.realmesh.attestation.appraisal.ArmCcaScheme;
import dev.realmesh.attestation.appraisal.EmbeddedAppraiser;
import dev.realmesh.attestation.appraisal.PolicyTrials;
import dev.realmesh.attestation.endorsement.EndorsementFolder;
import dev.realmesh.attestation.endorsement.EndorsementStore;
import dev.realmesh.attestation.endorsement.Onward;
import dev.realmesh.attestation.endorsement.Provisioning;
import dev.realmesh.attestation.grpc.AttestationGrpc;
import dev.realmesh.attestation.grpc.EndorsementGrpc;
import dev.realmesh.attestation.grpc.PolicyGrpc;
import dev.realmesh.attestation.opa.RegoEngine;
import dev.realmesh.attestation.policy.AppraisalPolicies;
import dev.realmesh.attestation.policy.CelPolicy;
import dev.realmesh.attestation.policy.CompiledPolicy;
import dev.realmesh.attestation.rest.RestServer;
import dev.realmesh.attestation.result.ResultFeed;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.attestation.result.Retention;
import dev.realmesh.attestation.veraison.VeraisonAppraiser;
import dev.realmesh.attestation.veraison.VeraisonProvisioning;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.mesh.MeshService;
import dev.realmesh.mesh.health.HealthCheck;
import dev.realmesh.mesh.state.AdminToken;
import dev.realmesh.mesh.state.StateException;
import dev.realmesh.mesh.state.StateFolder;
import dev.realmesh.policy.PolicyEngine;
import dev.realmesh.policy.PolicyStore;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.storage.Database;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The service, put together and open: its files are read or made, its database is migrated, its services are there to
/// be served by a mesh or a test. Its calls block; serve them on virtual threads.
public final class AttestationService implements MeshService {
    /// Name on the bus.
    public static final String BUS_NAME = "attestation-service";

    /// File of the key that EARs are verified with, in the state folder: a public JWK.
    public static final String SIGNER_FILE = "ear-signing-key.pub.jwk";

    /// Folder of the class path with the migrations of its database.
    public static final String MIGRATIONS = "db/attestation";

    /// File of the key that tokens for a Trustee KBS are verified with, in the state folder: a public JWK set.
    public static final String TOKEN_KEYS_FILE = "token-keys.json";

    /// File of the admin token in the state folder.
    public static final String ADMIN_TOKEN_FILE = "admin.token";

    private static final String PRIVATE_SIGNER_FILE = "ear-signing-key.jwk";
    private static final String DATABASE_FILE = "attestation.db";

    private final Resources resources;
    private final Provisioning provisioning;
    private final Appraiser appraiser;
    private final Services services;

    /// What is served, by gRPC and by REST, and what that needs.
    private record Services(
            BindableService attestation,
            List<BindableService> operators,
            CocoServices coco,
            Optional<RestServer> rest,
            List<HealthCheck> checks) {}

    /// The policies, and what evaluates them.
    private record Policies(Optional<Opa> opa, PolicyEngine<CompiledPolicy> engine, PolicyStore store) {
        static Policies open(
                AttestationServiceConfig config, Database database, Resources resources, InstantSource clock) {
            Optional<Opa> opa = config.opa().map(each -> resources.add(Opa.open(each, RegoEngine.FRAME)));
            PolicyEngine<CompiledPolicy> rego = opa.<PolicyEngine<CompiledPolicy>>map(RegoEngine::new)
                    .orElseGet(() -> PolicyEngine.withoutOpa("attestation-service.opa.url"));
            PolicyEngine<CompiledPolicy> engine = PolicyEngine.of(policy -> CelPolicy.compile(policy.text()), rego);
            return new Policies(opa, engine, new PolicyStore(database, engine, clock));
        }
    }

    private AttestationService(Resources resources, Provisioning provisioning, Appraiser appraiser, Services services) {
        this.resources = resources;
        this.provisioning = provisioning;
        this.appraiser = appraiser;
        this.services = services;
    }

    /// Opens the service. It calls no other.
    ///
    /// @throws RuntimeException if its files, its database or the endorsements that it is given cannot be used; the
    ///     message says which
    public static AttestationService open(AttestationServiceConfig config, InstantSource clock) {
        StateFolder state = StateFolder.open(config.stateFolder());
        Resources resources = new Resources();
        try {
            return open(config, state, resources, clock);
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /// What is served on the bus; what changes appraisals takes the admin token there.
    @Override
    public List<BindableService> busServices() {
        List<BindableService> all = new ArrayList<>(services.coco().bus());
        all.add(services.attestation());
        return all;
    }

    /// What is served on the edge: endorsements and policies come from operators only.
    @Override
    public List<BindableService> edgeServices() {
        List<BindableService> all = new ArrayList<>(services.operators());
        all.addAll(services.coco().edge());
        all.add(services.attestation());
        return all;
    }

    @Override
    public List<HealthCheck> healthChecks() {
        return services.checks();
    }

    /// The public JWK of the EAR signer, for who relies on the results.
    public String signingKey() {
        return appraiser.signingKey();
    }

    /// The port of Veraison's REST API, if it is served.
    public OptionalInt restPort() {
        return services.rest().map(RestServer::port).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /// Loads the endorsements in a folder that was not there yet when this was opened.
    ///
    /// @throws RuntimeException if they cannot be used; the message says which
    public void loadEndorsements(Path folder) {
        EndorsementFolder.load(folder, provisioning);
    }

    @Override
    public void close() {
        resources.close();
    }

    private static AttestationService open(
            AttestationServiceConfig config, StateFolder state, Resources resources, InstantSource clock) {
        Database database = resources.add(config.database()
                .map(shared -> Database.openPostgresql(shared, MIGRATIONS))
                .orElseGet(() -> Database.openSqlite(state.file(DATABASE_FILE), MIGRATIONS)));
        EndorsementStore endorsements = new EndorsementStore(database, clock);
        Policies policies = Policies.open(config, database, resources, clock);
        ArmCcaScheme scheme = new ArmCcaScheme(endorsements, config.appraisal());
        Provisioning provisioning =
                new Provisioning(endorsements, roots(config.corimRoots()), clock, onward(config, resources));
        config.endorsementFolders().forEach(folder -> EndorsementFolder.load(folder, provisioning));
        EarSigningKey key = signer(state);
        Appraiser appraiser = config.veraison()
                .<Appraiser>map(veraison -> resources.add(VeraisonAppraiser.open(veraison, clock)))
                .orElseGet(() -> new EmbeddedAppraiser(
                        new EmbeddedAppraiser.Rules(scheme, new AppraisalPolicies(policies.store(), policies.engine())),
                        key,
                        verifier(),
                        clock));
        state.publish(SIGNER_FILE, appraiser.signingKey().getBytes(StandardCharsets.UTF_8));
        state.publish(TOKEN_KEYS_FILE, key.publicJwkSet().getBytes(StandardCharsets.UTF_8));
        ResultStore results = new ResultStore(database);
        config.retention().ifPresent(time -> resources.add(Retention.start(results, time, clock)));
        ResultFeed feed = resources.add(new ResultFeed(results, config.maxWatchers()));
        AppraiseEvidence appraisals = new AppraiseEvidence(appraiser, results, feed);
        AdminToken token = AdminToken.in(state, ADMIN_TOKEN_FILE);
        List<BindableService> operators = new ArrayList<>(List.of(EndorsementGrpc.guarded(provisioning, token)));
        if (config.veraison().isEmpty()) {
            PolicyTrials trials = new PolicyTrials(scheme, policies.store(), policies.engine(), results);
            operators.add(PolicyGrpc.guarded(policies.store(), trials, token));
        }
        CocoServices.Parts cocoParts = new CocoServices.Parts(appraisals, provisioning, database, key, token, clock);
        RestServer.Parts parts = new RestServer.Parts(
                appraisals,
                results,
                provisioning,
                config.veraison().isEmpty() ? Optional.of(policies.store()) : Optional.empty(),
                new RestServer.Keys(appraiser.signingKey(), key.publicJwkSet()),
                build(),
                token,
                clock);
        return new AttestationService(
                resources,
                provisioning,
                appraiser,
                new Services(
                        new AttestationGrpc(appraisals, results, feed, appraiser.signingKey()),
                        operators,
                        CocoServices.of(config.coco(), cocoParts),
                        config.rest().map(rest -> resources.add(RestServer.start(rest, parts))),
                        checks(database, appraiser, policies.opa())));
    }

    private static List<HealthCheck> checks(Database database, Appraiser appraiser, Optional<Opa> opa) {
        List<HealthCheck> checks = new ArrayList<>(List.of(database.healthCheck()));
        if (appraiser instanceof VeraisonAppraiser veraison) {
            checks.add(HealthCheck.of("veraison", veraison::problem));
        }
        opa.ifPresent(each -> checks.add(HealthCheck.of("opa", each::problem)));
        return List.copyOf(checks);
    }

    private static Onward onward(AttestationServiceConfig config, Resources resources) {
        return config.veraison()
                .flatMap(veraison -> veraison.provisioning()
                        .<Onward>map(uri -> resources.add(new VeraisonProvisioning(veraison, uri))))
                .orElse(Onward.NOWHERE);
    }

    private static Ear.VerifierId verifier() {
        return new Ear.VerifierId("Realmesh", build());
    }

    private static EarSigningKey signer(StateFolder state) {
        byte[] jwk = state.secret(PRIVATE_SIGNER_FILE, AttestationService::newSigner);
        try {
            return EarSigningKey.ofPrivateJwk(new String(jwk, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new StateException.Damaged(state.file(PRIVATE_SIGNER_FILE), String.valueOf(e.getMessage()));
        } finally {
            Arrays.fill(jwk, (byte) 0);
        }
    }

    private static byte[] newSigner() {
        return EarSigningKey.generate().privateJwkSecret().getBytes(StandardCharsets.UTF_8);
    }

    private static String build() {
        return Optional.ofNullable(AttestationService.class.getPackage().getImplementationVersion())
                .orElse("N/A");
    }

    private static List<Bytes> roots(List<Path> files) {
        List<Bytes> roots = new ArrayList<>();
        for (Path file : files) {
            try {
                roots.add(Bytes.copyOf(Files.readAllBytes(file)));
            } catch (IOException e) {
                throw new IllegalArgumentException("corim-roots: " + file + " not read (expected: a certificate)", e);
            }
        }
        return roots;
    }
}
