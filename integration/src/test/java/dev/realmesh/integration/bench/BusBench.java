// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// gRPC over the event bus against grpc-netty's HTTP/2, the same service and client code on both.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BusBench {
    static final int IN_FLIGHT = 64;
    static final int CHUNKS = 256;
    private static final int SMALL_BYTES = 100;
    private static final int CHUNK_BYTES = 64 << 10;

    /// What carries the calls.
    @Param({"bus", "netty"})
    public String transport = "bus";

    private Transport open;
    private SimpleRequest small;
    private StreamingOutputCallRequest stream;

    @Setup(Level.Trial)
    public void open() throws Exception {
        open = Transport.open(transport);
        small = SimpleRequest.newBuilder()
                .setResponseSize(SMALL_BYTES)
                .setPayload(Payload.newBuilder().setBody(ByteString.copyFrom(new byte[SMALL_BYTES])))
                .build();
        StreamingOutputCallRequest.Builder chunks = StreamingOutputCallRequest.newBuilder();
        for (int i = 0; i < CHUNKS; i++) {
            chunks.addResponseParameters(ResponseParameters.newBuilder().setSize(CHUNK_BYTES));
        }
        stream = chunks.build();
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        open.close();
    }

    /// One call of 100 B each way after the other.
    @Benchmark
    public SimpleResponse unary() {
        return TestServiceGrpc.newBlockingStub(open.channel()).unaryCall(small);
    }

    /// 64 calls of 100 B each way at once.
    @Benchmark
    @OperationsPerInvocation(IN_FLIGHT)
    public List<SimpleResponse> unary64() throws Exception {
        TestServiceGrpc.TestServiceFutureStub stub = TestServiceGrpc.newFutureStub(open.channel());
        List<ListenableFuture<SimpleResponse>> calls = new ArrayList<>(IN_FLIGHT);
        for (int i = 0; i < IN_FLIGHT; i++) {
            calls.add(stub.unaryCall(small));
        }
        return Futures.allAsList(calls).get();
    }

    /// Messages of 64 KiB, from server to client.
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public int stream64KiB() {
        Iterator<StreamingOutputCallResponse> chunks =
                TestServiceGrpc.newBlockingStub(open.channel()).streamingOutputCall(stream);
        int bytes = 0;
        while (chunks.hasNext()) {
            bytes += chunks.next().getPayload().getBody().size();
        }
        return bytes;
    }
}
