package io.nvmeof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * Help is part of the product: what changes in it shows in review. {@code -Dgolden.write=true} writes the files anew.
 */
class HelpTest {
    private static final Path GOLDEN = Path.of("src/test/resources/help");

    static Stream<String> commands() {
        List<String> names = new ArrayList<>(List.of("nvmeof"));
        addNames("", Nvmeof.commandLine(), names);
        return names.stream().sorted();
    }

    private static void addNames(String before, CommandLine command, List<String> names) {
        command.getSubcommands().forEach((name, each) -> {
            names.add(before + name);
            addNames(before + name + "-", each, names);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isAsAgreed(String command) throws IOException {
        String help = help(command);
        Path golden = GOLDEN.resolve(command + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, help);
        }
        assertThat(help).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void hasEverySectionAndFitsATerminal(String command) {
        String help = help(command);
        assertThat(help).startsWith("NAME\n").contains("\nSYNOPSIS\n");
        if (!command.endsWith("help")) {
            assertThat(help).contains("\nDESCRIPTION\n", "\nOPTIONS\n", "\nEXAMPLES\n");
        }
        if (!command.endsWith("help") && !command.equals("nvmeof") && !command.startsWith("ctl-")) {
            assertThat(help).contains("\nBACKGROUND\n");
        }
        assertThat(help.lines()).allMatch(line -> line.length() <= 100);
    }

    private static String help(String command) {
        CommandLine root = Nvmeof.commandLine();
        CommandLine line = command.equals("nvmeof") ? root : command.startsWith("ctl-")
                ? root.getSubcommands().get("ctl").getSubcommands().get(command.substring("ctl-".length()))
                : root.getSubcommands().get(command);
        return line.getUsageMessage(Ansi.OFF).replace("\r\n", "\n");
    }
}
