package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.memory.DataBuffer;

/** Netty's view of a data buffer, kept in the buffer's attachment; sends its bytes where they lie. */
final class DataBufferView extends LoanedByteBuf {
    private final DataBuffer buffer;
    private ChannelOutput output;
    private int length;

    private DataBufferView(DataBuffer buffer) {
        super(buffer.segment());
        this.buffer = buffer;
    }

    /** Lends the first {@code length} bytes of a buffer, which is released when they have been sent. */
    static DataBufferView lend(DataBuffer buffer, int length, ChannelOutput output) {
        DataBufferView view;
        if (buffer.attachment() instanceof DataBufferView kept) {
            view = kept;
        } else {
            view = new DataBufferView(buffer);
            buffer.attach(view);
        }
        view.output = output;
        view.length = length;
        view.lend(0, length);
        return view;
    }

    @Override
    void onReturned() {
        ChannelOutput sender = output;
        int sent = length;
        output = null;
        buffer.release();
        sender.onSent(sent);
    }
}
