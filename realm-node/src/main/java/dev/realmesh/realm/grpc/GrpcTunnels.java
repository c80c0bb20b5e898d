// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.proto.image.v1.ConnectRequest;
import dev.realmesh.proto.image.v1.ConnectResponse;
import dev.realmesh.proto.image.v1.ConnectTarget;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import dev.realmesh.realm.tunnel.Tunnel;
import dev.realmesh.realm.tunnel.TunnelException;
import dev.realmesh.realm.tunnel.Tunnels;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Tunnels by image-service's `Connect`, a call each.
public final class GrpcTunnels implements Tunnels {
    private static final int OPEN_SECONDS = 20;
    private static final int LIFE_MINUTES = 10;

    private final ImageServiceGrpc.ImageServiceBlockingV2Stub stub;

    /// Tunnels over a channel to image-service.
    public GrpcTunnels(Channel channel) {
        this.stub = ImageServiceGrpc.newBlockingV2Stub(channel);
    }

    @Override
    public Tunnel open(String host, int port) {
        BlockingClientCall<ConnectRequest, ConnectResponse> call =
                stub.withDeadlineAfter(LIFE_MINUTES, TimeUnit.MINUTES).connect();
        ConnectTarget target =
                ConnectTarget.newBuilder().setHost(host).setPort(port).build();
        String what = "connection to " + host + ":" + port;
        try {
            call.write(ConnectRequest.newBuilder().setTarget(target).build(), OPEN_SECONDS, TimeUnit.SECONDS);
            ConnectResponse first = call.read(OPEN_SECONDS, TimeUnit.SECONDS);
            if (first != null && first.hasConnected()) {
                return new CallTunnel(call);
            }
            throw new IOException("no answer (expected: connected)");
        } catch (StatusException e) {
            throw failure(what, e);
        } catch (TimeoutException | IOException e) {
            call.cancel("not opened", e);
            throw new TunnelException.Unavailable("image-service, " + what + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.cancel("interrupted", e);
            throw new TunnelException.Unavailable("image-service, " + what + ": interrupted", e);
        }
    }

    private static TunnelException failure(String what, StatusException e) {
        String problem = "image-service, " + what + ": " + Calls.description(e.getStatus());
        return e.getStatus().getCode() == Status.Code.PERMISSION_DENIED
                ? new TunnelException.Forbidden(problem, e)
                : new TunnelException.Unavailable(problem, e);
    }
}
