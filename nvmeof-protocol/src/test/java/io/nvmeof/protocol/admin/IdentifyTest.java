package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.Bytes.dirty;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.Gen;
import io.nvmeof.protocol.layout.WireLayouts;
import io.nvmeof.protocol.layout.WireStructure;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The large structures: every setter against its accessor, and the values hosts look at against their bytes. */
class IdentifyTest {
    /** Setters in other units than their field, and setters of several fields; tested by name. */
    private static final Set<String> CONVENIENCE = Set.of("inCapsuleDataBytes", "lbaFormats");

    @Test
    void everySetterIsReadBackByItsAccessorAndTouchesNothingElse() {
        checkSetters(IdentifyController.class, IdentifyController.LAYOUT, IdentifyControllerBuilder.class, "");
        checkSetters(IdentifyNamespace.class, IdentifyNamespace.LAYOUT, IdentifyNamespaceBuilder.class, "LBAF");
        checkSetters(SmartLog.class, SmartLog.LAYOUT, SmartLogBuilder.class, "TSEN");
    }

    @Test
    void anyBytesSurviveARoundTrip() {
        Gen.check(100, gen -> {
            MemorySegment bytes = gen.segment(4096);
            MemorySegment copy = dirty(4096);
            IdentifyController.decode(bytes, 0).toBuilder().build().encode(copy, 0);
            assertEquals(-1, bytes.mismatch(copy));
            IdentifyNamespace.decode(bytes, 0).encode(copy, 0);
            assertEquals(-1, bytes.mismatch(copy));
            SmartLog.decode(bytes, 1).encode(copy, 1);
            assertEquals(-1, bytes.mismatch(copy));
        });
    }

    @Test
    void controllerByteForByteWhereALinuxHostLooks() {
        IdentifyController controller = IdentifyController.builder().serialNumber("S1").modelNumber("M")
                .firmwareRevision("1.0").controllerId(0x1234).version(0x00020000).keepAliveSupport(10)
                .controllerType(IdentifyController.TYPE_IO).maximumDataTransferSize(8)
                .sglSupport(IdentifyController.SGLS_NO_ALIGNMENT | IdentifyController.SGLS_OFFSET
                        | IdentifyController.SGLS_TRANSPORT_DATA_BLOCK)
                .submissionQueueEntrySize(0x66).completionQueueEntrySize(0x44).maximumOutstandingCommands(128)
                .namespaces(1024).maximumAllowedNamespaces(1024).volatileWriteCache(IdentifyController.VWC_PRESENT)
                .subsystemNqn("nqn.2024-01.com.example:disk").inCapsuleDataBytes(8192).responseCapsuleSize(1)
                .maximumSglDataBlockDescriptors(1).totalCapacityBytes(1L << 40).build();
        MemorySegment bytes = dirty(4096);
        controller.encode(bytes, 0);
        assertEquals("S1                  M    ", text(bytes, 4, 25));
        assertEquals("1.0     ", text(bytes, 64, 8));
        assertEquals(8, bytes.get(WireLayouts.U8, 77));
        assertEquals(0x1234, bytes.get(WireLayouts.LE16, 78));
        assertEquals(0x00020000, bytes.get(WireLayouts.LE32, 80));
        assertEquals(1, bytes.get(WireLayouts.U8, 111));
        assertEquals(1L << 40, bytes.get(WireLayouts.LE64, 280));
        assertEquals(10, bytes.get(WireLayouts.LE16, 320));
        assertEquals(0x4466, bytes.get(WireLayouts.LE16, 512));
        assertEquals(128, bytes.get(WireLayouts.LE16, 514));
        assertEquals(1024, bytes.get(WireLayouts.LE32, 516));
        assertEquals(1, bytes.get(WireLayouts.U8, 525));
        assertEquals(0x00300001, bytes.get(WireLayouts.LE32, 536));
        assertEquals(1024, bytes.get(WireLayouts.LE32, 540));
        assertEquals("nqn.2024-01.com.example:disk\0", text(bytes, 768, 29));
        assertEquals(516, bytes.get(WireLayouts.LE32, 1792));
        assertEquals(1, bytes.get(WireLayouts.LE32, 1796));
        assertEquals(0, bytes.get(WireLayouts.LE16, 1800));
        assertEquals(1, bytes.get(WireLayouts.U8, 1803));
        assertEquals(8192, controller.inCapsuleDataBytes());
        assertEquals(1 << 20, controller.maximumDataTransferBytes(4096));
    }

    @Test
    void aPeersLimitsNeverOverflow() {
        Gen.check(300, gen -> {
            IdentifyController controller = IdentifyController.decode(gen.segment(4096), 0);
            assertTrue(controller.maximumDataTransferBytes(1L << gen.between(12, 28)) > 0);
            assertTrue(controller.inCapsuleDataBytes() >= 0);
            IdentifyNamespace namespace = IdentifyNamespace.decode(gen.segment(4096), 0);
            assertTrue(namespace.blockSizeBytes() >= 0);
            assertTrue(namespace.lbaFormats().size() <= LbaFormat.MAX_FORMATS);
        });
    }

    @Test
    void namespaceFormats() {
        IdentifyNamespace namespace = IdentifyNamespace.builder().sizeBlocks(100).capacityBlocks(100)
                .lbaFormats(List.of(LbaFormat.ofBlockSize(512), LbaFormat.ofBlockSize(4096))).formattedLbaSize(1)
                .build();
        assertEquals(4096, namespace.blockSizeBytes());
        assertEquals(1, namespace.lbaFormatsZeroBased());
        assertEquals(0, namespace.toBuilder().formattedLbaSize(2).build().blockSizeBytes());
        // With up to 16 formats bits 6:5 are reserved; with more they are the index's high bits.
        assertEquals(1, namespace.toBuilder().formattedLbaSize(0x61).build().lbaFormatIndex());
        assertEquals(49, namespace.toBuilder().lbaFormatsZeroBased(63).formattedLbaSize(0x61).build().lbaFormatIndex());
        for (int size : new int[] {0, 1, 256, 513, -512, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> LbaFormat.ofBlockSize(size));
        }
        assertEquals(0, new LbaFormat(0, 8, 0).blockSizeBytes());
        assertEquals(0, new LbaFormat(0, 255, 0).blockSizeBytes());
        assertEquals(1 << 30, LbaFormat.ofBlockSize(1 << 30).blockSizeBytes());
    }

    @Test
    void buildersRefuseWhatDoesNotFit() {
        IdentifyControllerBuilder builder = IdentifyController.builder();
        assertThrows(IllegalArgumentException.class, () -> builder.maximumDataTransferSize(256));
        assertThrows(IllegalArgumentException.class, () -> builder.controllerId(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.namespaces(1L << 32));
        assertThrows(IllegalArgumentException.class, () -> builder.totalCapacityBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.totalCapacityBytes(BigInteger.ONE.shiftLeft(128)));
        assertThrows(IllegalArgumentException.class, () -> builder.serialNumber("x".repeat(21)));
        assertThrows(IllegalArgumentException.class, () -> builder.serialNumber("\u00e4"));
        assertThrows(IllegalArgumentException.class, () -> builder.subsystemNqn("x".repeat(256)));
        assertThrows(IllegalArgumentException.class, () -> builder.inCapsuleDataBytes(8));
        assertThrows(IllegalArgumentException.class, () -> builder.ieeeOui(new byte[4]));
    }

    @Test
    void aPeersTextCannotWriteToATerminal() {
        byte[] bytes = new byte[4096];
        Arrays.fill(bytes, (byte) 0x1B);
        IdentifyController controller = IdentifyController.decode(MemorySegment.ofArray(bytes), 0);
        assertEquals("?".repeat(20), controller.serialNumber());
        assertEquals("?".repeat(256), controller.subsystemNqn());
    }

    /** Checks each setter; together they must write each named field but {@code list}, which has entries of its own. */
    private static void checkSetters(Class<?> type, StructLayout layout, Class<?> builderType, String list) {
        Set<String> fields = new TreeSet<>();
        for (Method setter : builderType.getDeclaredMethods()) {
            if (Modifier.isPublic(setter.getModifiers()) && setter.getParameterCount() == 1
                    && !CONVENIENCE.contains(setter.getName())) {
                Method accessor = accessor(type, setter);
                if (accessor != null) {
                    Set<String> written = new TreeSet<>();
                    Gen.check(30, gen -> written.addAll(checkSetter(gen, type, layout, setter, accessor)));
                    assertEquals(1, written.size(), () -> setter.getName() + " writes " + written);
                    assertTrue(fields.addAll(written), () -> setter.getName() + " and another write " + written);
                }
            }
        }
        Set<String> named = layout.memberLayouts().stream().flatMap(member -> member.name().stream())
                .filter(name -> !name.equals(list)).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(named, fields);
    }

    /** Sets one value in a structure of zeros; returns the names of the fields that are not zero now. */
    private static Set<String> checkSetter(Gen gen, Class<?> type, StructLayout layout, Method setter,
            Method accessor) {
        try {
            Object builder = type.getMethod("builder").invoke(null);
            Object value = value(gen, setter, accessor, builder);
            var structure = (WireStructure) builder.getClass().getMethod("build").invoke(builder);
            Object read = accessor.invoke(structure);
            if (value instanceof byte[] array) {
                assertArrayEquals(array, (byte[]) read, setter.getName());
            } else {
                assertEquals(value, read, setter.getName());
            }
            Set<String> written = new TreeSet<>();
            long offset = 0;
            for (MemoryLayout member : layout.memberLayouts()) {
                byte[] bytes = structure.bytes().asSlice(offset, member.byteSize()).toArray(WireLayouts.U8);
                if (!Arrays.equals(bytes, new byte[bytes.length])) {
                    written.add(member.name().orElse("reserved bytes"));
                }
                offset += member.byteSize();
            }
            return written;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(setter.getName(), e);
        }
    }

    /** Sets a value the field can hold: the widest first, narrower ones when the setter refuses. */
    private static Object value(Gen gen, Method setter, Method accessor, Object builder)
            throws IllegalAccessException {
        Class<?> type = setter.getParameterTypes()[0];
        for (int width : new int[] {64, 32, 16, 8, 4, 3}) {
            Object value = type == int.class ? (Object) (int) gen.bits(Math.min(width, 32))
                    : type == long.class ? (Object) gen.bits(width)
                    : type == BigInteger.class ? gen.u128()
                    : type == String.class ? gen.ascii(width)
                    : gen.bytes(width / (width > 4 ? 2 : 1));
            try {
                setter.invoke(builder, value);
                return value;
            } catch (InvocationTargetException e) {
                assertInstanceOf(IllegalArgumentException.class, e.getCause(), setter.getName());
            }
        }
        throw new AssertionError("no value fits " + setter.getName() + " " + accessor.getReturnType());
    }

    private static Method accessor(Class<?> type, Method setter) {
        try {
            Method accessor = type.getMethod(setter.getName());
            return accessor.getReturnType() == setter.getParameterTypes()[0] ? accessor : null;
        } catch (NoSuchMethodException e) {
            return null; // A setter of convenience, tested by name above.
        }
    }

    private static String text(MemorySegment bytes, long offset, int length) {
        return new String(bytes.asSlice(offset, length).toArray(WireLayouts.U8),
                StandardCharsets.US_ASCII);
    }
}
