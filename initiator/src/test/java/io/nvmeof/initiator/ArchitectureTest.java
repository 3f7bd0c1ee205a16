package io.nvmeof.initiator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The initiator knows the protocol and nothing else of this house. */
class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/")).importPackages("io.nvmeof.initiator");

    @Test
    void dependsOnNoTransportAndNoTarget() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("io.nvmeof.target..", "io.nvmeof.transport..",
                "io.nvmeof.local..", "io.nvmeof.protocol.tcp..", "io.netty..", "java.net..", "java.nio.channels..")
                .check(classes);
    }

    @Test
    void hasNoThreadsAndNoClockOfItsOwn() {
        noClasses().should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Thread.class, "start").orShould().callMethod(Thread.class, "sleep", long.class)
                .check(classes);
    }
}
