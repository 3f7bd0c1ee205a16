package io.nvmeof.initiator;

import io.nvmeof.initiator.NamespaceCommand.Kind;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.NamespaceIdentificationDescriptors;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.nvm.ReservationType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A namespace of a connected controller: an array of logical blocks.
 *
 * <p>Three ways to use it. The methods that return a future may be called by any thread and split what is longer than
 * the controller takes at once. Their twins that end in {@code Now} wait, and refuse to be called on an event loop,
 * where waiting would stop the very thread that brings the answer. {@link #queue} gives an I/O queue for callers that
 * live on its loop and want no allocation at all.
 *
 * <p>Memory is off-heap and may be used by the queue's thread: from {@code Arena.ofShared()}, {@code ofAuto()} or
 * {@code global()}. Data moves from or into it without a copy, so it is lent until the future is done, whether or not
 * somebody still waits: cancelling the future or interrupting a waiting thread does not take it back. Closing its arena
 * earlier fails the command at best.
 *
 * <p>A future completes on a queue's loop. Stages that take long or block belong elsewhere, with the {@code Async}
 * methods of {@link CompletableFuture}. It fails with {@link CommandException}, {@link ConnectionLostException} or
 * {@link QueueFullException}; mistakes in the arguments are thrown at once as {@link IllegalArgumentException}. What a
 * failed command did to its range is unknown.
 */
public final class RemoteNamespace {
    private final HostController controller;
    private final int id;
    private final ReservationCommands reservations = new ReservationCommands(this);
    private volatile Geometry geometry;

    /** What Identify said last; replaced as a whole when the controller announces a change. */
    private record Geometry(IdentifyNamespace identify, NamespaceIdentificationDescriptors descriptors, int blockShift,
            long blockCount, int transferBlocksMax, boolean attached) {
    }

    RemoteNamespace(HostController controller, int id) {
        this.controller = controller;
        this.id = id;
    }

    /**
     * Takes over what Identify says.
     *
     * @throws UnsupportedOperationException if the format is one this initiator cannot use
     */
    void update(IdentifyNamespace identify, NamespaceIdentificationDescriptors descriptors) {
        int metadataBytes = identify.lbaFormat(identify.lbaFormatIndex()).metadataBytes();
        int blockSizeBytes = identify.blockSizeBytes();
        if (metadataBytes != 0) {
            throw new UnsupportedOperationException("namespace " + Integer.toUnsignedString(id) + " is formatted with "
                    + metadataBytes + " bytes of metadata per block, which is not supported");
        }
        if (blockSizeBytes == 0 || blockSizeBytes > controller.transferBytesMax() || identify.sizeBlocks() < 0
                || identify.sizeBlocks() > Long.MAX_VALUE / blockSizeBytes) {
            throw new UnsupportedOperationException("namespace " + Integer.toUnsignedString(id) + " has "
                    + Long.toUnsignedString(identify.sizeBlocks()) + " blocks of " + blockSizeBytes
                    + " bytes (LBA format " + identify.lbaFormatIndex()
                    + "), which is not supported with transfers of up to "
                    + controller.transferBytesMax() + " bytes");
        }
        int shift = Integer.numberOfTrailingZeros(blockSizeBytes);
        int transferBlocksMax = Math.min(controller.transferBytesMax() >> shift, IoQueue.BLOCKS_PER_COMMAND_MAX);
        geometry = new Geometry(identify, descriptors, shift, identify.sizeBlocks(), transferBlocksMax, true);
    }

    /** The controller no longer has this namespace. */
    void detach() {
        Geometry last = geometry;
        geometry = new Geometry(last.identify, last.descriptors, last.blockShift, 0, last.transferBlocksMax, false);
    }

    /** The namespace identifier; unsigned. */
    public int id() {
        return id;
    }

    /** The controller this namespace was reached through. */
    public HostController controller() {
        return controller;
    }

    /** Bytes of a logical block: a power of two, at least 512. */
    public int blockSizeBytes() {
        return 1 << geometry.blockShift;
    }

    /** The number of logical blocks, 0 once detached; changes when the namespace is resized. */
    public long blockCount() {
        return geometry.blockCount;
    }

    /** Whether the controller still had the namespace when it was last asked. */
    public boolean attached() {
        return geometry.attached;
    }

    /** Whether the namespace is write protected (NSATTR). */
    public boolean writeProtected() {
        return (geometry.identify.attributes() & IdentifyNamespace.NSATTR_WRITE_PROTECTED) != 0;
    }

    /** The Identify Namespace data structure, as last read. */
    public IdentifyNamespace identify() {
        return geometry.identify;
    }

    /** The names of the namespace, which are the same on every path to it; empty if the controller gave none. */
    public Optional<NamespaceIdentificationDescriptors> descriptors() {
        return Optional.ofNullable(geometry.descriptors);
    }

    /** Reads blocks into the beginning of {@code into}. */
    public CompletableFuture<Void> read(long startingBlock, int blockCount, MemorySegment into) {
        return give(Kind.READ, startingBlock, blockCount, false, checkSize(DataChecks.checkWritable(into), blockCount));
    }

    /**
     * Writes blocks from the beginning of {@code from}; a volatile write cache may keep them until a {@link #flush}.
     */
    public CompletableFuture<Void> write(long startingBlock, int blockCount, MemorySegment from) {
        return write(startingBlock, blockCount, from, false);
    }

    /**
     * Writes blocks from the beginning of {@code from}.
     *
     * @param forceUnitAccess whether success means that the data is on non-volatile media (FUA)
     */
    public CompletableFuture<Void> write(long startingBlock, int blockCount, MemorySegment from,
            boolean forceUnitAccess) {
        return give(Kind.WRITE, startingBlock, blockCount, forceUnitAccess,
                checkSize(DataChecks.checkNative(from), blockCount));
    }

    /**
     * Compares blocks with the beginning of {@code with}; a difference fails the future with the status Compare
     * Failure. A range that is split is not compared atomically.
     */
    public CompletableFuture<Void> compare(long startingBlock, int blockCount, MemorySegment with) {
        return give(Kind.COMPARE, startingBlock, blockCount, false,
                checkSize(DataChecks.checkNative(with), blockCount));
    }

    /** Makes everything that completed before non-volatile, whichever queue it took. */
    public CompletableFuture<Void> flush() {
        return controller.give(new NamespaceCommand(controller.nextQueue(), Kind.FLUSH, this, 0, 1, false,
                MemorySegment.NULL));
    }

    /**
     * Makes blocks read as zeroes.
     *
     * @param deallocate whether the controller may give up their storage
     */
    public CompletableFuture<Void> writeZeroes(long startingBlock, long blockCount, boolean deallocate) {
        return give(Kind.WRITE_ZEROES, startingBlock, blockCount, deallocate, MemorySegment.NULL);
    }

    /**
     * Says that the content of blocks is no longer needed; a hint, whose effect on later reads the controller chooses.
     */
    public CompletableFuture<Void> deallocate(long startingBlock, long blockCount) {
        return give(Kind.DEALLOCATE, startingBlock, blockCount, false, MemorySegment.NULL);
    }

    /**
     * Reservation Register: makes this host a registrant, which whoever wants to hold a reservation has to be, or ends
     * that, or changes its key. It holds for every controller this host is connected to. A wrong key fails the future
     * with the status Reservation Conflict.
     *
     * @param currentKey the key the host has; of no meaning for {@link ReservationRegisterAction#REGISTER}
     * @param newKey the key it wants, not 0; of no meaning for {@link ReservationRegisterAction#UNREGISTER}
     * @param ignoreExistingKey whether {@code currentKey} need not be right
     * @param persistence what becomes of registrants and reservation when the controller loses power
     */
    public CompletableFuture<Void> reservationRegister(ReservationRegisterAction action, long currentKey, long newKey,
            boolean ignoreExistingKey, ReservationPersistence persistence) {
        return reservations.register(action, currentKey, newKey, ignoreExistingKey, persistence);
    }

    /**
     * Reservation Acquire: takes a reservation, or takes it away from others. It fails with the status Reservation
     * Conflict if another host holds one, or if this host is no registrant with that key.
     *
     * @param currentKey the key of this host
     * @param preemptedKey the key of the hosts to preempt; of no meaning for {@link ReservationAcquireAction#ACQUIRE}
     */
    public CompletableFuture<Void> reservationAcquire(ReservationAcquireAction action, ReservationType type,
            long currentKey, long preemptedKey) {
        return reservations.acquire(action, type, currentKey, preemptedKey);
    }

    /**
     * Reservation Release: gives up the reservation this host holds, or clears the reservation and all registrations.
     *
     * @param type the type of the reservation; of no meaning for {@link ReservationReleaseAction#CLEAR}
     * @param currentKey the key of this host
     */
    public CompletableFuture<Void> reservationRelease(ReservationReleaseAction action, ReservationType type,
            long currentKey) {
        return reservations.release(action, type, currentKey);
    }

    /** Reservation Report: the reservation and all registrants, with host identifiers of 128 bits. */
    public CompletableFuture<ReservationStatus> reservationReport() {
        return reservations.report();
    }

    /** As {@link #read}, waiting for the end. */
    public void readNow(long startingBlock, int blockCount, MemorySegment into) throws NvmeofException {
        controller.await(() -> read(startingBlock, blockCount, into));
    }

    /** As {@link #write(long, int, MemorySegment)}, waiting for the end. */
    public void writeNow(long startingBlock, int blockCount, MemorySegment from) throws NvmeofException {
        writeNow(startingBlock, blockCount, from, false);
    }

    /** As {@link #write(long, int, MemorySegment, boolean)}, waiting for the end. */
    public void writeNow(long startingBlock, int blockCount, MemorySegment from, boolean forceUnitAccess)
            throws NvmeofException {
        controller.await(() -> write(startingBlock, blockCount, from, forceUnitAccess));
    }

    /** As {@link #compare}, waiting for the end. */
    public void compareNow(long startingBlock, int blockCount, MemorySegment with) throws NvmeofException {
        controller.await(() -> compare(startingBlock, blockCount, with));
    }

    /** As {@link #flush}, waiting for the end. */
    public void flushNow() throws NvmeofException {
        controller.await(this::flush);
    }

    /** As {@link #writeZeroes}, waiting for the end. */
    public void writeZeroesNow(long startingBlock, long blockCount, boolean deallocate) throws NvmeofException {
        controller.await(() -> writeZeroes(startingBlock, blockCount, deallocate));
    }

    /** As {@link #deallocate}, waiting for the end. */
    public void deallocateNow(long startingBlock, long blockCount) throws NvmeofException {
        controller.await(() -> deallocate(startingBlock, blockCount));
    }

    /** An I/O queue of the controller, from 0 to {@link HostController#ioQueueCount()} exclusive. */
    public IoQueue queue(int index) {
        return controller.queue(index);
    }

    int blockShift() {
        return geometry.blockShift;
    }

    int transferBlocksMax() {
        return geometry.transferBlocksMax;
    }

    void checkRange(long startingBlock, long blockCount) {
        long namespaceBlocks = geometry.blockCount;
        if (startingBlock < 0 || blockCount < 1 || blockCount > namespaceBlocks - startingBlock) {
            throw new IllegalArgumentException(blockCount + " blocks from block " + startingBlock + " on: namespace "
                    + Integer.toUnsignedString(id) + " has " + namespaceBlocks + " blocks");
        }
    }

    private MemorySegment checkSize(MemorySegment memory, int blockCount) {
        long length = (long) blockCount << geometry.blockShift;
        if (memory.byteSize() < length) {
            throw new IllegalArgumentException(blockCount + " blocks are " + length + " bytes, the memory has "
                    + memory.byteSize());
        }
        return memory;
    }

    private CompletableFuture<Void> give(Kind kind, long startingBlock, long blockCount, boolean flag,
            MemorySegment memory) {
        checkRange(startingBlock, blockCount);
        return controller.give(new NamespaceCommand(controller.nextQueue(), kind, this, startingBlock, blockCount, flag,
                memory));
    }

    @Override
    public String toString() {
        return "namespace " + Integer.toUnsignedString(id) + " of " + controller;
    }
}
