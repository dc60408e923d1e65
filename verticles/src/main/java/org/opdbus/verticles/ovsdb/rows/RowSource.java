// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.rows;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.edges.rows.DatabaseRows;
import org.opdbus.verticles.edges.rows.RowsChange;
import org.opdbus.verticles.edges.rows.RowsFeed;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.ovsdb.OvsdbClient;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has every column of some tables, over a connection of its own that lasts as long as a reader keeps it. */
public final class RowSource implements RowsFeed {
    /** The tables of what a host has of bridges, and what leads to them. */
    public static final List<String> TABLES =
            List.of("Open_vSwitch", "Bridge", "Port", "Interface", "Mirror", "Controller", "Manager");

    private static final Logger LOG = LoggerFactory.getLogger(RowSource.class);
    private static final String DATABASE = "Open_vSwitch";
    private static final String NOT_ASKED = "the agent is connecting to Open vSwitch's database";

    private final Context context;
    private final OvsdbOptions options;
    private final RowsFold fold;
    private final BehaviorProcessor<DatabaseRows> news;

    private int readers;
    private @Nullable OvsdbClient client;

    /**
     * Creates a source without a connection.
     *
     * @param context runs the connection
     */
    public RowSource(Context context, OvsdbOptions options, Collection<String> tables) {
        this.context = context;
        this.options = options;
        fold = new RowsFold(List.copyOf(tables), Instant.now(), NOT_ASKED);
        news = BehaviorProcessor.createDefault(fold.rows());
    }

    @Override
    public Disposable keep() {
        context.runOnContext(v -> add(1));
        return Disposable.fromAction(() -> context.runOnContext(v -> add(-1)));
    }

    @Override
    public DatabaseRows current() {
        return Objects.requireNonNull(news.getValue());
    }

    @Override
    public Flowable<RowsChange> changes(Scheduler reader) {
        return Flowable.defer(() -> {
            AtomicReference<DatabaseRows> last =
                    new AtomicReference<>(new DatabaseRows(Map.of(), current().standing()));
            // A scan would hold a queue of snapshots for a slow reader, instead of the newest one.
            return news.onBackpressureLatest()
                    .observeOn(reader, false, 1)
                    .map(now -> new RowsChange(last.getAndSet(now), now));
        });
    }

    private void add(int more) {
        readers += more;
        if (readers > 0 && client == null) {
            client = new OvsdbClient(context.owner(), options, new Listener());
            client.start();
        } else if (readers == 0 && client != null) {
            client.stop().onFailure(e -> LOG.debug("closing the connection for whole rows failed: {}", e.toString()));
            client = null;
            fold.forget(NOT_ASKED, Instant.now());
            news.onNext(fold.rows());
        }
    }

    private final class Listener implements OvsdbClient.Listener {
        @Override
        public Future<JsonObject> requests(JsonRpcConnection opened, Duration limit) {
            return opened.call("get_schema", JsonArray.of(DATABASE), limit)
                    .map(schema -> fold.begin((JsonObject) schema));
        }

        @Override
        public void listed(JsonObject tables) {
            tell(() -> fold.listed(tables, Instant.now()));
        }

        @Override
        public void changed(JsonObject tables) {
            tell(() -> fold.changed(tables, Instant.now()));
        }

        @Override
        public void lost(String reason) {
            tell(() -> fold.lost(reason, Instant.now()));
        }

        private void tell(Runnable change) {
            change.run();
            news.onNext(fold.rows());
        }
    }
}
