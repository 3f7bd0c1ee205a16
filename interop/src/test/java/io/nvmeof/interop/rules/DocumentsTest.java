package io.nvmeof.interop.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.process.Command;
import io.nvmeof.interop.process.NvmeofCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents tell people to type works, and what they point at is there. */
@Tag("process")
class DocumentsTest {
    private static final Pattern BLOCK = Pattern.compile("```sh run\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @BeforeAll
    static void build() throws InterruptedException {
        NvmeofCommand.require();
    }

    static Stream<Arguments> blocks() throws IOException {
        List<Arguments> blocks = new ArrayList<>();
        for (Path document : documents()) {
            Matcher matcher = BLOCK.matcher(Files.readString(document));
            while (matcher.find()) {
                blocks.add(Arguments.of(Command.ROOT.relativize(document).toString(), matcher.group(1)));
            }
        }
        assertThat(blocks).hasSizeGreaterThan(1);
        return blocks.stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("blocks")
    void commandsWork(String document, String block) throws InterruptedException {
        Command.run(LIMIT, List.of("bash", "-euo", "pipefail", "-c", block)).succeeded();
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher matcher = LINK.matcher(Files.readString(document));
            while (matcher.find()) {
                if (!Files.exists(document.resolveSibling(matcher.group(1)))) {
                    broken.add(Command.ROOT.relativize(document) + ": " + matcher.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Command.ROOT.resolve("README.md"),
                Command.ROOT.resolve("CHANGELOG.md")));
        try (Stream<Path> more = Files.walk(Command.ROOT.resolve("docs"))) {
            documents.addAll(more.filter(path -> path.toString().endsWith(".md")).sorted().toList());
        }
        return documents;
    }
}
