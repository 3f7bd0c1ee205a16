package io.nvmeof.target.controller;

import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.VendorCommand;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Admin commands that the program around the target understands; see {@link VendorCommand}. */
final class VendorHandler implements CommandHandler {
    static final CommandHandler INSTANCE = new VendorHandler();

    private static final int DIRECTION_MASK = 0x3;
    private static final int TO_CONTROLLER = 1;
    private static final int TO_HOST = 2;
    private static final int FIRST_DWORD = 10;
    private static final int DWORD_COUNT = 6;
    private static final byte[] NO_DATA = {};
    private static final VendorCommand.Answer INTERNAL_ERROR =
            new VendorCommand.Answer(GenericStatus.INTERNAL_ERROR, 0, NO_DATA);

    private static final Logger LOG = LoggerFactory.getLogger(VendorHandler.class);

    private VendorHandler() {}

    /** Whether the program has this command. */
    static boolean has(Request request) {
        return command(request) != null;
    }

    private static VendorCommand command(Request request) {
        Subsystem subsystem = request.queue().controller().subsystem();
        return subsystem.isDiscovery() ? null : subsystem.configuration().vendorCommands().get(request.opcode());
    }

    private static int direction(Request request) {
        return request.opcode() & DIRECTION_MASK;
    }

    @Override
    public void parse(Request request) {
        long length = request.transferLength();
        if (direction(request) == 0 || length == 0) {
            request.proceed();
        } else if (length > request.queue().dataTransferBytesMax()) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, SglDescriptor.OFFSET_IN_COMMAND);
        } else if (direction(request) == TO_CONTROLLER) {
            request.receiveData((int) length);
        } else {
            request.provideData((int) length);
        }
    }

    @Override
    public void execute(Request request) {
        VendorCommand command = command(request);
        if (command == null) {
            // The owner has taken it back while the data came.
            request.reject(GenericStatus.INVALID_OPCODE, 0);
            return;
        }
        try {
            CompletionStage<VendorCommand.Answer> answer = command.execute(call(request));
            answer.whenComplete((given, failure) -> request.queue().loop().execute(() -> {
                if (failure != null) {
                    LOG.error("vendor command {}h failed", Integer.toHexString(request.opcode()), failure);
                }
                answer(request, failure != null || given == null ? INTERNAL_ERROR : given);
            }));
        } catch (RuntimeException e) {
            LOG.error("vendor command {}h failed", Integer.toHexString(request.opcode()), e);
            answer(request, INTERNAL_ERROR);
        }
    }

    private static VendorCommand.Call call(Request request) {
        Controller controller = request.queue().controller();
        int[] dwords = new int[DWORD_COUNT];
        for (int i = 0; i < DWORD_COUNT; i++) {
            dwords[i] = request.dword(FIRST_DWORD + i);
        }
        boolean incoming = direction(request) == TO_CONTROLLER && request.dataLength() > 0;
        byte[] data = incoming
                ? request.data().segment().asSlice(0, request.dataLength()).toArray(ValueLayout.JAVA_BYTE) : NO_DATA;
        return new VendorCommand.Call(controller.hostNqn(), controller.id(), request.namespaceId(), dwords, data,
                direction(request) == TO_HOST ? request.dataLength() : 0);
    }

    private static void answer(Request request, VendorCommand.Answer answer) {
        int room = direction(request) == TO_HOST ? request.dataLength() : 0;
        if (room == 0 || !answer.status().successful()) {
            request.complete(answer.status(), answer.result());
            return;
        }
        MemorySegment into = request.data().segment().asSlice(0, room);
        int length = Math.min(room, answer.data().length);
        MemorySegment.copy(answer.data(), 0, into, ValueLayout.JAVA_BYTE, 0, length);
        into.asSlice(length).fill((byte) 0);
        request.completeWithData(room, answer.result());
    }
}
