package io.nvmeof.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.nvmeof.protocol.tcp.PduHeader;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the protocol may know: java.base, and of that nothing which does I/O, waits or counts time. */
class ArchitectureTest {
    // By place, not by package: the tests are in the same packages.
    private static final JavaClasses PROTOCOL = new ClassFileImporter()
            .importUrl(PduHeader.class.getProtectionDomain().getCodeSource().getLocation());

    private static final String[] STRUCTURES = {"..layout..", "..status..", "..queue..", "..sgl..", "..admin..",
        "..nvm..", "..fabrics.."};

    @Test
    void dependsOnTheLanguageAlone() {
        classes().that().resideOutsideOfPackage("..auth..").should()
                .onlyDependOnClassesThat().resideInAnyPackage("io.nvmeof.protocol..", "java..").check(PROTOCOL);
        classes().that().resideInAPackage("..auth..").should()
                .onlyDependOnClassesThat().resideInAnyPackage("io.nvmeof.protocol..", "java..", "javax.crypto..")
                .check(PROTOCOL);
        noClasses().should().dependOnClassesThat().resideInAnyPackage("java.net..", "java.nio.channels..", "java.sql..",
                "java.util.logging..", "java.lang.management..").check(PROTOCOL);
    }

    @Test
    void hasNoClockAndNoRandomness() {
        noClasses().should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Math.class, "random").orShould().callMethod(UUID.class, "randomUUID")
                .orShould().dependOnClassesThat().areAssignableTo(Random.class)
                .check(PROTOCOL);
    }

    @Test
    void structuresDoNotKnowConnections() {
        noClasses().that().resideInAnyPackage(STRUCTURES)
                .should().dependOnClassesThat().resideOutsideOfPackages("java.lang..", "java.util", "java.util.regex",
                        "java.util.stream", "java.util.function", "java.math", "java.nio", "java.nio.charset",
                        "io.nvmeof.protocol.layout", "io.nvmeof.protocol.status", "io.nvmeof.protocol.queue",
                        "io.nvmeof.protocol.sgl", "io.nvmeof.protocol.admin", "io.nvmeof.protocol.nvm",
                        "io.nvmeof.protocol.fabrics").check(PROTOCOL);
    }

    @Test
    void structuresDependOnEachOtherOneWay() {
        slices().matching("io.nvmeof.protocol.(layout|status|queue|sgl|admin|nvm|fabrics)..").should().beFreeOfCycles()
                .check(PROTOCOL);
    }
}
