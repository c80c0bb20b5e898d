// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.frame.FrameException;
import io.grpc.Status;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.tracing.TracingPolicy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the directories of all nodes alike: a node tells each other one what it serves, and has its answer say the
/// same of that one. It does so when it joins, when another joins, and with each change; who does not answer is told
/// again for as long as it is a member.
///
/// It is a request to each node rather than one publication to all, because who publishes does not learn that someone
/// was not reached: what the bus knows of others' addresses is late by a moment.
final class DirectoryExchange {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryExchange.class);
    private static final int ANSWER_MILLIS = 1000;
    private static final int AGAIN_MILLIS = 500;

    private final Vertx vertx;
    private final String node;
    private final NodeWatch nodes;
    private final Directory directory;
    private final Set<String> later = ConcurrentHashMap.newKeySet();

    DirectoryExchange(Vertx vertx, String node, NodeWatch nodes, Directory directory) {
        this.vertx = vertx;
        this.node = node;
        this.nodes = nodes;
        this.directory = directory;
    }

    /// Done when this node can be told, and has heard all others that answer.
    Future<Void> join() {
        if (node.isEmpty()) {
            return Future.succeededFuture();
        }
        return vertx.eventBus()
                .consumer(address(node), this::told)
                .completion()
                .onSuccess(registered -> nodes.onJoined(this::tell))
                .compose(registered -> tellAll());
    }

    /// Done when all other nodes have been told or do not answer.
    Future<Void> tellAll() {
        return Future.join(nodes.others().stream().map(this::tell).toList())
                .otherwiseEmpty()
                .mapEmpty();
    }

    private Future<Void> tell(String other) {
        return vertx.eventBus()
                .<String>request(address(other), directory.own().text(), options())
                .<Void>map(answer -> {
                    learn(Announcement.parse(answer.body()));
                    return null;
                })
                .onFailure(cause -> tellAgain(other, cause));
    }

    private void tellAgain(String other, Throwable cause) {
        LOG.debug("node {} not told", other, cause);
        if (nodes.others().contains(other) && later.add(other)) {
            vertx.setTimer(AGAIN_MILLIS, fired -> {
                later.remove(other);
                tell(other);
            });
        }
    }

    private void told(Message<String> message) {
        try {
            learn(Announcement.parse(message.body()));
            message.reply(directory.own().text(), options());
        } catch (FrameException e) {
            message.fail(Status.Code.INTERNAL.value(), e.getMessage());
        }
    }

    /// What comes from a node after it has left must not bring it back, so membership is asked after it was taken.
    private void learn(Announcement theirs) {
        if (directory.learn(theirs)) {
            nodes.watch(theirs.node(), () -> directory.forget(theirs.node()));
        }
    }

    private static DeliveryOptions options() {
        return new DeliveryOptions().setSendTimeout(ANSWER_MILLIS).setTracingPolicy(TracingPolicy.IGNORE);
    }

    private static String address(String node) {
        return "rm.directory." + node;
    }
}
