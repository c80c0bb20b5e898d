// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.mesh.frame.FrameException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a node knows of who serves what.
class DirectoryTest {
    private final Directory directory = new Directory("here");

    @Test
    void nameStandsForAllInstancesOfItsServiceAndNoOther() {
        directory.add("broker@here-1");
        directory.learn(new Announcement("there", 1, Set.of("broker@there-1", "brokerage@there-2")));

        assertThat(directory.instances("broker")).containsExactly("broker@here-1", "broker@there-1");
        assertThat(directory.instances("broker@there-1")).containsExactly("broker@there-1");
        assertThat(directory.instances("brok")).isEmpty();
    }

    @Test
    void newerAnnouncementReplacesTheOlderWhateverTheOrder() {
        directory.learn(new Announcement("there", 2, Set.of("broker@2")));
        directory.learn(new Announcement("there", 1, Set.of("broker@1")));
        assertThat(directory.instances("broker")).containsExactly("broker@2");

        directory.learn(new Announcement("there", 3, Set.of()));
        assertThat(directory.instances("broker")).isEmpty();
    }

    @Test
    void nobodyElseSpeaksForThisNode() {
        directory.add("broker@here-1");

        assertThat(directory.learn(new Announcement("here", 9, Set.of()))).isFalse();
        assertThat(directory.instances("broker")).containsExactly("broker@here-1");
    }

    @Test
    void nodeThatLeftTakesItsInstancesAlong() {
        directory.learn(new Announcement("there", 7, Set.of("broker@1")));
        directory.forget("there");
        assertThat(directory.instances("broker")).isEmpty();

        assertThat(directory.learn(new Announcement("there", 1, Set.of("broker@1"))))
                .isTrue();
        assertThat(directory.instances("broker")).containsExactly("broker@1");
    }

    @Test
    void changesAreToldUntilTheWatcherHasEnough() {
        AtomicInteger changes = new AtomicInteger();
        Runnable unwatch = directory.watch(changes::incrementAndGet);
        directory.add("broker@1");
        directory.remove("broker@1");
        directory.learn(new Announcement("there", 1, Set.of()));
        directory.forget("there");
        unwatch.run();
        directory.add("broker@2");

        assertThat(changes).hasValue(4);
    }

    @Test
    void announcementIsReadAsItWasWritten() {
        Announcement nothing = new Announcement("here", 0, Set.of());
        Announcement two = nothing.with("broker@1").with("images@2");

        assertThat(Announcement.parse(nothing.text())).isEqualTo(nothing);
        assertThat(Announcement.parse(two.text())).isEqualTo(two);
        assertThat(two.version()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "here", "here\nsoon\nbroker@1"})
    void textThatIsNoAnnouncementIsRefused(String text) {
        assertThatThrownBy(() -> Announcement.parse(text)).isInstanceOf(FrameException.class);
    }
}
