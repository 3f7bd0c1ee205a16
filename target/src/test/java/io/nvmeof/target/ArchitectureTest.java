package io.nvmeof.target;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the target may know: the protocol and a log, but no transport, no thread, no clock of its own. */
class ArchitectureTest {
    // By place, not by package: the tests are in the same packages.
    private static final JavaClasses TARGET = new ClassFileImporter()
            .importUrl(Target.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void dependsOnTheProtocolAndALog() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage(
                "io.nvmeof.target..", "io.nvmeof.protocol..", "org.slf4j..", "java..").check(TARGET);
        noClasses().should().dependOnClassesThat().resideInAnyPackage("java.net..", "java.nio.channels..",
                "java.nio.file..").check(TARGET);
    }

    @Test
    void hasNoThreadNoClockAndNoRandomness() {
        noClasses().should().dependOnClassesThat().areAssignableTo(Thread.class)
                .orShould().dependOnClassesThat().areAssignableTo(Random.class)
                .orShould().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Math.class, "random").orShould().callMethod(UUID.class, "randomUUID")
                .check(TARGET);
    }

    @Test
    void backendsDoNotKnowWhoUsesThem() {
        noClasses().that().resideInAPackage("io.nvmeof.target.storage")
                .should().dependOnClassesThat().resideInAnyPackage("io.nvmeof.target", "io.nvmeof.target.controller")
                .check(TARGET);
    }
}
