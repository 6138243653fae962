/** The store of one node: RocksDB, and the only place that knows it. */
@NullMarked
package org.parley.log.rocksdb;

import org.jspecify.annotations.NullMarked;
