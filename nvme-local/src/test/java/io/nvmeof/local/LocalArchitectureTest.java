package io.nvmeof.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.foreign.Linker;
import org.junit.jupiter.api.Test;

/** Who may see what in this module. */
class LocalArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(FileBackend.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void nativeFunctionsAreLookedUpInOnePlace() {
        assertThat(CLASSES).isNotEmpty();
        noClasses().that().resideOutsideOfPackage("io.nvmeof.local.posix")
                .should().dependOnClassesThat().areAssignableTo(Linker.class).check(CLASSES);
    }

    @Test
    void onlyTheRingKnowsNetty() {
        noClasses().that().haveSimpleNameNotStartingWith("NettyRing").and().doNotHaveSimpleName("UringChannel")
                .and().doNotHaveSimpleName("FileBackend")
                .should().dependOnClassesThat().resideInAPackage("io.netty..").check(CLASSES);
    }

    @Test
    void systemCallsKnowNothingOfStorage() {
        noClasses().that().resideInAPackage("io.nvmeof.local.posix")
                .should().dependOnClassesThat().resideInAnyPackage("io.nvmeof.local", "io.nvmeof.target..",
                        "io.nvmeof.protocol..").check(CLASSES);
    }
}
