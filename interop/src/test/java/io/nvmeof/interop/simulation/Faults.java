package io.nvmeof.interop.simulation;

import java.util.SplittableRandom;

/**
 * What goes wrong in a run. The probabilities are themselves drawn from the seed, so that different seeds stress
 * different things.
 */
final class Faults {
    final double resetPerPiece;
    final double stallPerPiece;
    final double corruptPerPiece;
    final double readErrorRate;
    final double writeErrorRate;
    final long storageDelayNanosMax;
    final long streamDelayNanosMax;
    final int pieceBytesMax;
    private boolean off;

    Faults(SplittableRandom random, boolean digests) {
        this.resetPerPiece = random.nextInt(3) == 0 ? random.nextDouble() * 0.0005 : 0;
        this.stallPerPiece = random.nextInt(2) == 0 ? random.nextDouble() * 0.001 : 0;
        // Without digests nobody can notice a flipped bit, and TCP's own checksum is not simulated.
        this.corruptPerPiece = digests && random.nextInt(3) == 0 ? random.nextDouble() * 0.0005 : 0;
        this.readErrorRate = random.nextInt(3) == 0 ? random.nextDouble() * 0.05 : 0;
        this.writeErrorRate = random.nextInt(3) == 0 ? random.nextDouble() * 0.05 : 0;
        this.storageDelayNanosMax = 1 + random.nextLong(10 * Simulation.MILLISECOND);
        this.streamDelayNanosMax = 1 + random.nextLong(Simulation.MILLISECOND);
        this.pieceBytesMax = 1 << random.nextInt(4, 18);
    }

    /** After the storm: from here on everything must finish. */
    void switchOff() {
        off = true;
    }

    double rate(double rate) {
        return off ? 0 : rate;
    }
}
