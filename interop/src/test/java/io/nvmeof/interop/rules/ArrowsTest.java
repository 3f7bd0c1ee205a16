package io.nvmeof.interop.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between modules, and who may touch threads, clocks, chance and native code. */
class ArrowsTest {
    private static final String PROTOCOL = "io.nvmeof.protocol..";
    private static final String TARGET = "io.nvmeof.target..";
    private static final String INITIATOR = "io.nvmeof.initiator..";
    private static final String TRANSPORT = "io.nvmeof.transport..";
    private static final String LOCAL = "io.nvmeof.local..";
    private static final String CLI = "io.nvmeof.cli..";
    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("/test-classes/"))
                .importPackages("io.nvmeof");
        // An empty import would let every rule pass.
        for (String part : new String[] {"protocol", "target", "initiator", "transport", "local", "cli"}) {
            assertThat(classes.stream().anyMatch(each -> each.getPackageName().startsWith("io.nvmeof." + part)))
                    .as("classes of %s were found", part).isTrue();
        }
    }

    @Test
    void protocolStandsOnJavaBaseAlone() {
        check(noClasses().that().resideInAPackage(PROTOCOL).should().dependOnClassesThat(
                describe("are neither its own nor of java.base's plain packages", each ->
                !inside(each, "io.nvmeof.protocol", "java.security.MessageDigest", "java.security.Key",
                        "java.security.NoSuchAlgorithmException", "java.security.InvalidKeyException",
                        "javax.crypto.Mac", "javax.crypto.spec.SecretKeySpec",
                        "java.lang", "java.util", "java.math", "java.io", "java.nio.charset", "java.nio.ByteOrder",
                        "java.nio.ByteBuffer", "java.nio.CharBuffer") && !each.isPrimitive() && !each.isArray())));
    }

    @Test
    void onlyAuthenticationComputesHashes() {
        check(noClasses().that().resideInAPackage(PROTOCOL).and().resideOutsideOfPackage("io.nvmeof.protocol.auth..")
                .should().dependOnClassesThat().resideInAnyPackage("java.security..", "javax.crypto.."));
    }

    @Test
    void protocolHasNoInputOutputNoThreadsAndNoClock() {
        check(noClasses().that().resideInAPackage(PROTOCOL).should().dependOnClassesThat(
                resideInAnyPackage("java.net..", "java.nio.channels..", "java.nio.file..", "java.util.concurrent..",
                        "java.time..").or(named("java.io.File", "java.io.InputStream", "java.io.OutputStream",
                        "java.util.Timer"))));
    }

    @Test
    void targetAndInitiatorKnowNeitherEachOtherNorATransport() {
        check(noClasses().that().resideInAPackage(TARGET).should().dependOnClassesThat()
                .resideInAnyPackage(INITIATOR, TRANSPORT, LOCAL, CLI, "io.netty..", "java.net.."));
        check(noClasses().that().resideInAPackage(INITIATOR).should().dependOnClassesThat()
                .resideInAnyPackage(TARGET, TRANSPORT, LOCAL, CLI, "io.netty..", "java.net.."));
    }

    @Test
    void transportsKnowOnlyTheProtocol() {
        check(noClasses().that().resideInAPackage(TRANSPORT).should().dependOnClassesThat()
                .resideInAnyPackage(TARGET, INITIATOR, LOCAL, CLI));
    }

    @Test
    void localStorageKnowsOnlyTheStorageInterfaceAndTheProtocol() {
        check(noClasses().that().resideInAPackage(LOCAL).should().dependOnClassesThat(
                resideInAnyPackage(INITIATOR, TRANSPORT, CLI)
                        .or(resideInAnyPackage(TARGET).and(DescribedPredicate.not(
                                resideInAnyPackage("io.nvmeof.target.storage.."))))));
    }

    @Test
    void nothingDependsOnTheCommand() {
        check(noClasses().that().resideOutsideOfPackage(CLI).should().dependOnClassesThat()
                .resideInAPackage(CLI));
    }

    @Test
    void modulesHaveNoCycles() {
        check(slices().matching("io.nvmeof.(*)..").should().beFreeOfCycles());
    }

    /** Local storage has workers for systems without io_uring: they are its way of doing input and output. */
    @Test
    void threadsBelongToTransportsLocalStorageAndTheCommand() {
        check(noClasses().that().resideOutsideOfPackages(TRANSPORT, LOCAL, CLI).should().callCodeUnitWhere(
                describe("makes threads or waits in one", call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                        && List.of("<init>", "start", "sleep", "ofVirtual", "ofPlatform", "startVirtualThread")
                                .contains(call.getName()))).orShould().dependOnClassesThat(
                named("java.util.concurrent.Executors", "java.util.concurrent.ThreadPoolExecutor", "java.util.Timer")));
    }

    @Test
    void clocksBelongToTransportsAndTheCommand() {
        for (String method : new String[] {"nanoTime", "currentTimeMillis"}) {
            check(noClasses().that().resideOutsideOfPackages(TRANSPORT, CLI).should().callMethod(System.class, method));
        }
    }

    @Test
    void chanceComesFromOutside() {
        check(noClasses().that().resideOutsideOfPackages(TRANSPORT, CLI).should().callMethod(Math.class, "random")
                .orShould().callConstructor(Random.class).orShould().dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom"));
    }

    @Test
    void nativeCodeIsCalledByLocalStorageAlone() {
        check(noClasses().that().resideOutsideOfPackage(LOCAL).should().dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker"));
    }

    @Test
    void standardOutputBelongsToTheCommand() {
        check(noClasses().that().resideOutsideOfPackage(CLI).should().accessField(System.class, "out")
                .orShould().accessField(System.class, "err")
                .orShould().callMethodWhere(describe("prints a stack trace", call ->
                        call.getTarget() instanceof CodeUnitCallTarget && call.getName().equals("printStackTrace"))));
    }

    private static boolean inside(JavaClass each, String... names) {
        for (String name : names) {
            String own = each.getName();
            if (own.equals(name) || own.startsWith(name + ".") || own.startsWith(name + "$")) {
                return true;
            }
        }
        return false;
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        return describe("is one of " + String.join(", ", names),
                each -> List.of(names).contains(each.getName()));
    }

    private static void check(ArchRule rule) {
        rule.check(classes);
    }
}
