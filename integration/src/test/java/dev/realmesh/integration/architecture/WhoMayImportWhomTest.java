// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of ARCHITECTURE.md, "Who may import whom", over every class of the project.
class WhoMayImportWhomTest {
    private static final JavaClasses MESH = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.realmesh");

    private static final Map<String, String> SERVICES = Map.of(
            "host-node", "dev.realmesh.host..",
            "realm-node", "dev.realmesh.realm..",
            "attestation-service", "dev.realmesh.attestation..",
            "key-broker", "dev.realmesh.keybroker..",
            "image-service", "dev.realmesh.image..");

    @Test
    void everyModuleIsChecked() {
        SERVICES.values()
                .forEach(service -> assertThat(MESH.that(resideInAPackage(service)))
                        .as(service)
                        .isNotEmpty());
        for (String library : List.of("crypto", "cca", "kbs", "oci", "mesh", "storage", "remote", "policy")) {
            assertThat(MESH.that(resideInAPackage("dev.realmesh." + library + "..")))
                    .as(library)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"host-node", "realm-node", "attestation-service", "key-broker", "image-service"})
    void serviceKnowsNoOtherService(String name) {
        String[] others = SERVICES.entrySet().stream()
                .filter(service -> !service.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(SERVICES.get(name))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(MESH);
    }

    @Test
    void formatLibrariesKnowNeitherVertxNorGrpc() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.realmesh.crypto..", "dev.realmesh.cca..", "dev.realmesh.kbs..", "dev.realmesh.oci..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.grpc..", "dev.realmesh.mesh..", "dev.realmesh.proto..")
                .check(MESH);
    }

    @Test
    void policiesAndRemoteServicesKnowNeitherVertxNorGrpc() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.realmesh.policy..", "dev.realmesh.remote..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.grpc..", "dev.realmesh.proto..")
                .check(MESH);
        noClasses()
                .that()
                .resideInAnyPackage("dev.realmesh.policy..", "dev.realmesh.remote..", "dev.realmesh.storage..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.realmesh.mesh..")
                        .and(not(resideInAnyPackage("dev.realmesh.mesh.config..", "dev.realmesh.mesh.health.."))))
                .check(MESH);
    }

    @Test
    void librariesKnowNoService() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.realmesh.crypto..",
                        "dev.realmesh.cca..",
                        "dev.realmesh.kbs..",
                        "dev.realmesh.oci..",
                        "dev.realmesh.mesh..",
                        "dev.realmesh.storage..",
                        "dev.realmesh.remote..",
                        "dev.realmesh.policy..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVICES.values().toArray(String[]::new))
                .check(MESH);
    }

    @Test
    void onlyThePolicyLibraryEvaluatesCel() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.realmesh.policy.cel..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.cel..")
                .check(MESH);
    }

    @Test
    void untrustedHostSeesOfTheMonitorOnlyItsEntryPoint() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.realmesh.host.vmm..", "dev.realmesh.host.launch..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.realmesh.host.rmm.*.."))
                .check(MESH);
    }

    @Test
    void onlyTheMachineTouchesBytesOfPhysicalMemory() {
        noClasses()
                .that()
                .resideInAPackage("dev.realmesh.host..")
                .and()
                .resideOutsideOfPackage("dev.realmesh.host.machine..")
                .and()
                .doNotHaveFullyQualifiedName("dev.realmesh.host.vmm.plan.Blob") // maps files of the host
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(MESH);
    }

    @Test
    void realmNodeSeesNeitherTheMonitorNorTheInsideOfEvidence() {
        noClasses()
                .that()
                .resideInAPackage("dev.realmesh.realm..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.realmesh.host..", "dev.realmesh.cca.token..")
                .check(MESH);
    }

    @Test
    void grpcInternalsAreImportedInOnePackage() {
        assertThat(MESH.stream()
                        .filter(type -> type.getDirectDependenciesFromSelf().stream()
                                .anyMatch(dependency -> dependency
                                        .getTargetClass()
                                        .getPackageName()
                                        .startsWith("io.grpc.internal")))
                        .map(type -> type.getPackageName())
                        .distinct())
                .hasSize(1)
                .allMatch(name -> name.startsWith("dev.realmesh.mesh"));
    }

    @Test
    void generatedTypesStayAtTheEdges() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "..grpc..", "dev.realmesh.proto..", "dev.realmesh.mesh..", "dev.realmesh.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realmesh.proto..")
                .check(MESH);
    }

    @Test
    void packagesFormNoCycles() {
        List.of(
                        "crypto",
                        "cca",
                        "kbs",
                        "oci",
                        "mesh",
                        "storage",
                        "policy",
                        "host",
                        "realm",
                        "attestation",
                        "keybroker",
                        "image",
                        "cli")
                .forEach(module -> slices().matching("dev.realmesh." + module + ".(*)..")
                        .should()
                        .beFreeOfCycles()
                        .allowEmptyShould(true)
                        .check(MESH));
    }

    @Test
    void noClassIsNamedAfterNothing() {
        noClasses()
                .that(not(resideInAPackage("dev.realmesh.proto..")))
                .should()
                .haveNameMatching(".*(Impl|Util|Utils|Helper|Manager)$")
                .check(MESH);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that(not(resideInAPackage("dev.realmesh.proto..")))
                .and()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith("org.jspecify.annotations.NullMarked")
                .check(MESH);
        assertThat(MESH.stream()
                        .map(type -> type.getPackageName())
                        .filter(name -> !name.startsWith("dev.realmesh.proto"))
                        .distinct()
                        .filter(name -> MESH.stream()
                                .noneMatch(type -> type.getPackageName().equals(name)
                                        && type.getSimpleName().equals("package-info"))))
                .as("packages without package-info.java")
                .isEmpty();
    }
}
