package io.nvmeof.target.controller;

/** Where a command is on its way through a slot. {@link BlockCommand#moveTo} alone changes it, along these edges. */
enum RequestState {
    /**
     * No command.
     * <p>To {@link #PARSING}: a command arrives.
     */
    FREE,
    /**
     * The command is being checked; nothing has been asked for yet.
     * <p>To {@link #AWAITING_BUFFER}: it moves data. {@link #EXECUTING}: it moves none. {@link #AWAITING_TURN}: its
     * namespace is kept from it for now. {@link #FREE}: rejected.
     */
    PARSING,
    /**
     * Waits for a data buffer, in the pool's queue unless there is one at once.
     * <p>To {@link #RECEIVING_DATA}: buffer granted, the host has the data. {@link #EXECUTING}: buffer granted, the
     * host wants data. {@link #AWAITING_TURN}: the same, but its namespace is kept from it. {@link #FREE}: aborted,
     * refused because something changed meanwhile, or the connection closed.
     */
    AWAITING_BUFFER,
    /**
     * The transport fetches the command's data from the host.
     * <p>To {@link #EXECUTING}: all data is there. {@link #AWAITING_TURN}: the same, but its namespace is kept from
     * it. {@link #FREE}: the data came damaged, the command was aborted meanwhile, something changed so that it is
     * refused, or the connection closed.
     */
    RECEIVING_DATA,
    /**
     * The namespace's gate is closed for this command, or its rate is used up.
     * <p>To {@link #EXECUTING}: its turn came. {@link #AWAITING_BUFFER}: the same, before it had asked for a buffer.
     * {@link #FREE}: aborted, refused because something changed meanwhile, or the connection closed.
     */
    AWAITING_TURN,
    /**
     * The handler or the backend is at work.
     * <p>To {@link #FREE}: responded to. {@link #AWAITING_EVENT}: an Asynchronous Event Request.
     * {@link #AWAITING_TURN}: a command with several namespaces has to wait for the next one. {@link #ABANDONED}: the
     * connection closed, but whoever is at work still uses the buffer.
     */
    EXECUTING,
    /**
     * An Asynchronous Event Request that waits for an event.
     * <p>To {@link #FREE}: reported, aborted, or the connection closed.
     */
    AWAITING_EVENT,
    /**
     * The host is gone; the completion will be the end of it.
     * <p>To {@link #FREE}: the completion came.
     */
    ABANDONED;

    /** How many there are, without the copy that {@link #values()} makes. */
    static final int COUNT = values().length;

    /** Whether nobody is at work for a request in this state, and it is in some line. */
    boolean waits() {
        return this == AWAITING_BUFFER || this == AWAITING_TURN || this == AWAITING_EVENT;
    }

    /** Whether a request may go from this state to {@code next}. */
    boolean leadsTo(RequestState next) {
        return switch (this) {
            case FREE -> next == PARSING;
            case PARSING ->
                next == AWAITING_BUFFER || next == AWAITING_TURN || next == EXECUTING || next == FREE;
            case AWAITING_BUFFER ->
                next == RECEIVING_DATA || next == AWAITING_TURN || next == EXECUTING || next == FREE;
            case RECEIVING_DATA -> next == AWAITING_TURN || next == EXECUTING || next == FREE;
            case AWAITING_TURN -> next == AWAITING_BUFFER || next == EXECUTING || next == FREE;
            case EXECUTING ->
                next == FREE || next == AWAITING_EVENT || next == AWAITING_TURN || next == ABANDONED;
            case AWAITING_EVENT, ABANDONED -> next == FREE;
        };
    }
}
