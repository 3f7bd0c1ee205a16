package io.nvmeof.target.reservation;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.ReservationType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A reservation as it is kept over a loss of power: our own format, big endian, with a version. */
public final class ReservationRecord {
    private static final int MAGIC = 0x4E56_5253; // "NVRS"
    private static final int VERSION = 1;
    private static final int HEADER_SIZE = 24;
    private static final int REGISTRANT_SIZE = 24;
    private static final int NO_HOLDER = -1;

    private ReservationRecord() {}

    /** What to keep of a reservation: all of it if it is persistent, otherwise only that it is not. */
    public static byte[] encode(ReservationState state) {
        ReservationState kept = state.persistent() ? state : ReservationState.EMPTY;
        List<Registrant> registrants = kept.registrants();
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_SIZE + registrants.size() * REGISTRANT_SIZE)
                .putInt(MAGIC).putShort((short) VERSION)
                .put((byte) (kept.persistent() ? 1 : 0))
                .put((byte) (kept.type() == null ? 0 : kept.type().code()))
                .putInt(kept.generation())
                .putInt(kept.holder() == null ? NO_HOLDER : registrants.indexOf(kept.find(kept.holder())))
                .putInt(registrants.size()).putInt(0);
        for (Registrant registrant : registrants) {
            UUID uuid = registrant.host().uuid();
            bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits())
                    .putLong(registrant.key());
        }
        return bytes.array();
    }

    /**
     * The reservation that was kept.
     *
     * @throws IllegalArgumentException if this is no such record, or says what cannot be
     */
    public static ReservationState decode(byte[] record) {
        try {
            return decode(ByteBuffer.wrap(record));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a reservation record of " + record.length + " bytes is cut off", e);
        }
    }

    private static ReservationState decode(ByteBuffer bytes) {
        int magic = bytes.getInt();
        int version = bytes.getShort();
        if (magic != MAGIC || version != VERSION) {
            throw new IllegalArgumentException("not a reservation record of version " + VERSION);
        }
        int flags = bytes.get();
        int typeCode = bytes.get();
        int generation = bytes.getInt();
        int holderIndex = bytes.getInt();
        int count = bytes.getInt();
        int reserved = bytes.getInt();
        if ((flags & ~1) != 0 || reserved != 0 || typeCode != 0 && ReservationType.ofCode(typeCode) == null
                || count != bytes.remaining() / REGISTRANT_SIZE || bytes.remaining() % REGISTRANT_SIZE != 0
                || holderIndex < NO_HOLDER || holderIndex >= count) {
            throw new IllegalArgumentException("a reservation record with impossible fields");
        }
        List<Registrant> registrants = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HostIdentifier host = new HostIdentifier(new UUID(bytes.getLong(), bytes.getLong()));
            registrants.add(new Registrant(host, bytes.getLong()));
        }
        HostIdentifier holder = holderIndex == NO_HOLDER ? null : registrants.get(holderIndex).host();
        return new ReservationState(registrants, ReservationType.ofCode(typeCode), holder, generation, flags == 1);
    }
}
