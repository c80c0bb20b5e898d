// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.granule;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.MemoryRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All granules that the host may delegate: a word each, in blocks that are made when a granule of them is first looked
/// at.
public final class GranuleTable {
    private static final int BLOCK = 512;
    private static final Comparator<Claim> ASCENDING =
            Comparator.comparing(claim -> claim.granule().address());

    private final MemoryRange dram;
    private final AtomicReferenceArray<@Nullable AtomicIntegerArray> blocks;

    /// Granules of `dram`, all of the host.
    public GranuleTable(MemoryRange dram) {
        this.dram = dram;
        long granules = dram.size() / PhysicalAddress.GRANULE_SIZE;
        this.blocks = new AtomicReferenceArray<>(Math.toIntExact((granules + BLOCK - 1) / BLOCK));
    }

    /// The granule that starts at `address`; empty if none does.
    public Optional<Granule> at(PhysicalAddress address) {
        if (!address.isGranuleAligned() || !dram.contains(address)) {
            return Optional.empty();
        }
        long number = (address.value() - dram.base().value()) / PhysicalAddress.GRANULE_SIZE;
        AtomicIntegerArray words = block((int) (number / BLOCK));
        return Optional.of(new Granule(address, words, (int) (number % BLOCK)));
    }

    /// Locks all claimed granules; empty, and nothing is locked, if one is not in the state that is expected or is
    /// claimed twice.
    public Optional<Hold> lock(Claim... claims) {
        List<Granule> held = new ArrayList<>(claims.length);
        Claim[] ascending = claims.clone();
        Arrays.sort(ascending, ASCENDING);
        for (Claim claim : ascending) {
            boolean twice = !held.isEmpty() && held.getLast().equals(claim.granule());
            if (twice || !claim.granule().lockIf(claim.expected())) {
                held.forEach(Granule::unlock);
                return Optional.empty();
            }
            held.add(claim.granule());
        }
        return Optional.of(new Hold(held));
    }

    /// As [#lock(Claim...)].
    public Optional<Hold> lock(List<Claim> claims) {
        return lock(claims.toArray(Claim[]::new));
    }

    /// How many granules there are in each state; nothing is locked.
    public Map<GranuleState, Long> countByState() {
        long[] counts = new long[GranuleState.values().length];
        for (long block = 0; block < blocks.length(); block++) {
            AtomicIntegerArray words = blocks.get((int) block);
            long first = block * BLOCK;
            int size = (int) Math.min(BLOCK, dram.size() / PhysicalAddress.GRANULE_SIZE - first);
            for (int index = 0; words != null && index < size; index++) {
                counts[Granule.stateOf(words.get(index)).code()]++;
            }
            counts[GranuleState.NS.code()] += words == null ? size : 0;
        }
        return Arrays.stream(GranuleState.values())
                .collect(Collectors.toMap(Function.identity(), state -> counts[state.code()]));
    }

    /// Takes a granule that belongs to the Realm whose descriptor is locked from its inner state back to DELEGATED.
    ///
    /// @throws IllegalStateException if it is not in state `from`
    public void release(Granule granule, GranuleState from) {
        try (Hold hold = lock(new Claim(granule, from))
                .orElseThrow(() -> new IllegalStateException(
                        "granule " + granule.address() + ": " + granule.state() + " (expected: " + from + ")"))) {
            hold.move(granule, GranuleState.DELEGATED);
        }
    }

    private AtomicIntegerArray block(int number) {
        AtomicIntegerArray words = blocks.get(number);
        if (words != null) {
            return words;
        }
        AtomicIntegerArray made = new AtomicIntegerArray(BLOCK);
        AtomicIntegerArray other = blocks.compareAndExchange(number, null, made);
        return other == null ? made : other;
    }
}
