package io.nvmeof.protocol.fabrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NvmeQualifiedNameTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "nqn.2014-08.org.nvmexpress.discovery",
        "nqn.2014-08.org.nvmexpress:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "nqn.2016-06.io.spdk:cnode1",
        "nqn.2024-12.com.example",
        "nqn.2024-12.com.example:a:b c:\u00e4\ud83d\ude00",
    })
    void acceptsTheSpecifiedForms(String name) {
        assertEquals(name, NvmeQualifiedName.of(name).toString());
        assertEquals(NvmeQualifiedName.lenient(name), NvmeQualifiedName.of(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "testnqn",
        "iqn.2024-01.com.example:disk",
        "NQN.2024-01.com.example:disk",
        "nqn.2024-13.com.example:disk",
        "nqn.2024-1.com.example:disk",
        "nqn.2024-01.",
        "nqn.2024-01.:disk",
        "nqn.2024-01.com.example:",
        "nqn.2014-08.org.nvmexpress:uuid:f81d4fae",
        "nqn.2014-08.org.nvmexpress:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6x",
    })
    void refusesOtherFormsForOurselvesButTakesThemFromPeers(String name) {
        assertThrows(IllegalArgumentException.class, () -> NvmeQualifiedName.of(name));
        assertEquals(name, NvmeQualifiedName.lenient(name).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "nqn.2024-01.com.example:a\0b", "nqn.2024-01.com.example:\u001b[31m", "\u0085", "\ud800"})
    void refusesWhatNoFieldMayHold(String name) {
        assertThrows(IllegalArgumentException.class, () -> NvmeQualifiedName.lenient(name));
    }

    @Test
    void the223rdByteIsTheLast() {
        String prefix = "nqn.2024-01.com.example:";
        String longest = prefix + "x".repeat(NvmeQualifiedName.MAX_LENGTH - prefix.length());
        assertEquals(longest, NvmeQualifiedName.of(longest).toString());
        assertThrows(IllegalArgumentException.class, () -> NvmeQualifiedName.of(longest + "x"));
        // 222 characters, but 224 bytes.
        String twoBytes = longest.substring(0, 220) + "\u00e4\u00e4";
        assertThrows(IllegalArgumentException.class, () -> NvmeQualifiedName.of(twoBytes));
    }

    @Test
    void namesAreEqualByTheirBytes() {
        UUID uuid = UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
        assertEquals(NvmeQualifiedName.of("nqn.2014-08.org.nvmexpress:uuid:" + uuid), NvmeQualifiedName.ofUuid(uuid));
        assertNotEquals(NvmeQualifiedName.lenient("a"), NvmeQualifiedName.lenient("A"));
        assertTrue(NvmeQualifiedName.lenient("nqn.2014-08.org.nvmexpress.discovery").isDiscovery());
    }
}
