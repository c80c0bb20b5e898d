// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Translations that a walker found, page by page, each in the one place that its number gives it.
final class TranslationBuffer {
    private static final int PLACES = 256;
    private static final int PAGE_BITS = 12;
    private static final long PAGE = IntermediatePhysicalAddress.PAGE_SIZE;

    private final AtomicReferenceArray<@Nullable Page> places = new AtomicReferenceArray<>(PLACES);

    /// A page that is mapped.
    ///
    /// @param number number of the page among those of the Realm
    /// @param entry the entry that maps it, alone or with others
    /// @param base where it leads
    record Page(long number, StageTwoDescriptor entry, PhysicalAddress base) {
        static Page of(IntermediatePhysicalAddress ipa, StageTwoDescriptor entry, StageTwoRegime regime) {
            long inEntry = ipa.value() & (StageTwoRegime.entrySize(entry.level()) - 1) & -PAGE;
            return new Page(
                    ipa.value() >>> PAGE_BITS, entry, entry.address(regime).plus(inEntry));
        }

        StageTwo.Translation translation(IntermediatePhysicalAddress ipa) {
            return new StageTwo.Translation.Mapped(entry, base.plus(ipa.value() & (PAGE - 1)));
        }
    }

    /// The page that holds `ipa`; null if it is not kept.
    @Nullable
    Page find(IntermediatePhysicalAddress ipa) {
        long number = ipa.value() >>> PAGE_BITS;
        Page page = places.get(place(number));
        return page != null && page.number() == number ? page : null;
    }

    void keep(Page page) {
        places.set(place(page.number()), page);
    }

    /// Forgets all pages from `base` to `top`; nothing is kept meanwhile.
    void forget(IntermediatePhysicalAddress base, IntermediatePhysicalAddress top) {
        long first = base.value() >>> PAGE_BITS;
        long end = (top.value() + PAGE - 1) >>> PAGE_BITS;
        for (int place = 0; place < PLACES && place < end - first; place++) {
            if (places.get(place(first + place)) != null) {
                places.set(place(first + place), null);
            }
        }
    }

    private static int place(long number) {
        return (int) number & (PLACES - 1);
    }
}
