package io.nvmeof.cli.host;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A structure of the specification, field by field, under the specification's abbreviations in lower case: what
 * nvme-cli calls them too.
 */
final class StructureView {
    private static final ValueLayout.OfShort LE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int NUMBER_BYTES = 16;
    private static final Set<String> TEXTS = Set.of("sn", "mn", "fr", "subnqn");
    private static final Set<String> IDENTIFIERS = Set.of("nguid", "eui64", "fguid");
    private static final Set<String> FLAGS =
            Set.of("vid", "ssvid", "ver", "cmic", "cntlid", "rtd3r", "rtd3e", "oaes", "ctratt", "oacs", "frmw", "lpa",
            "sqes", "cqes", "oncs", "fuses", "fna", "vwc", "sgls", "sanicap", "anacap", "nsze", "ncap", "nuse",
            "nsfeat", "flbas", "mc", "dpc", "dps", "nmic", "rescap", "nsattr", "ofcs", "fcatt", "nvmsr", "vwci", "mec",
            "dsto", "lpol");

    private StructureView() {}

    /** The named fields in their order: numbers, or texts for what is no number. */
    static Map<String, Object> fields(StructLayout layout, MemorySegment bytes) {
        Map<String, Object> fields = new LinkedHashMap<>();
        long offset = 0;
        for (MemoryLayout member : layout.memberLayouts()) {
            if (member.name().isPresent()) {
                String name = member.name().get().toLowerCase(Locale.ROOT);
                Object value = value(name, member, bytes, offset);
                if (value != null) {
                    fields.put(name, value);
                }
            }
            offset += member.byteSize();
        }
        return fields;
    }

    /** A field as people read it: flags in hexadecimal. */
    static String text(String name, Object value) {
        if (name.equals("ieee") && value instanceof Number number) {
            return String.format(Locale.ROOT, "%06x", number.longValue());
        }
        return FLAGS.contains(name) && value instanceof Number number && number.longValue() != 0
                ? "0x" + Long.toHexString(number.longValue()) : value.toString();
    }

    /** Four bytes of a structure that has no layout here. */
    static int int32(MemorySegment bytes, long offset) {
        return bytes.get(LE32, offset);
    }

    private static Object value(String name, MemoryLayout member, MemorySegment bytes, long offset) {
        if (member instanceof ValueLayout) {
            return switch ((int) member.byteSize()) {
                case 1 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, offset));
                case 2 -> Short.toUnsignedLong(bytes.get(LE16, offset));
                case 4 -> Integer.toUnsignedLong(bytes.get(LE32, offset));
                case 8 -> unsigned(bytes.get(LE64, offset));
                default -> null;
            };
        }
        if (!(member instanceof SequenceLayout)) {
            return null;
        }
        byte[] array = bytes.asSlice(offset, member.byteSize()).toArray(ValueLayout.JAVA_BYTE);
        if (TEXTS.contains(name)) {
            return text(array);
        }
        if (IDENTIFIERS.contains(name)) {
            return HexFormat.of().formatHex(array);
        }
        return array.length <= NUMBER_BYTES ? littleEndian(array) : null;
    }

    private static Object unsigned(long value) {
        return value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
    }

    private static String text(byte[] array) {
        int length = 0;
        while (length < array.length && array[length] != 0) {
            length++;
        }
        return new String(array, 0, length, StandardCharsets.UTF_8).strip();
    }

    private static Object littleEndian(byte[] array) {
        byte[] reversed = new byte[array.length];
        for (int i = 0; i < array.length; i++) {
            reversed[i] = array[array.length - 1 - i];
        }
        BigInteger number = new BigInteger(1, reversed);
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }
}
