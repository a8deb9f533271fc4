/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole store for Kith in one C file, as a template to copy: sorted arrays in memory, a file that
 * each commit writes anew and puts in the place of the old one. Simple before fast: a write
 * transaction copies the tables that it changes, a commit writes everything.
 *
 *   cc -std=c11 -shared -fPIC -I<include> own_store.c -o libown_store.so
 *   kith-conformance ./libown_store.so --uri 'own:{}'
 *
 * How it keeps Kith's promises: an instant (struct content) never changes once others can see it.
 * Readers hold the one they began with; the writer works on a copy and commit() exchanges them. A
 * reader therefore never waits, and rolling back is forgetting a copy.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "kith_plugin.h"

/* The host: the same for every store in this process. Memory comes from it. */
static const kith_store_host *host;

/* ------------------------------------------------------------------------- what the store keeps */

/* One version of one record, in one block with the bytes of its texts. Never changed. */
struct row {
  atomic_int users;
  kith_store_row head; /* head.cells is ours; by the columns of the table, not by slots */
  kith_cell cells[];
};

struct column {
  char name[128];
  uint32_t type;
};
struct unique {
  char name[256];
  uint16_t keys[16]; /* columns of the table */
  uint32_t key_count;
};
/* The records of one entity, by id. Changed only by a writer who is its only user. */
struct table {
  atomic_int users;
  uint16_t number;
  uint32_t column_count, unique_count;
  size_t row_count, row_room;
  struct column *columns;
  struct unique *unique;
  struct row **rows;
};
/* One instant of everything. */
struct content {
  atomic_int users;
  uint64_t version; /* counts commits */
  size_t table_count;
  struct table *tables[1024];
};

struct store {
  pthread_mutex_t mutex; /* guards newest and writing */
  pthread_cond_t writer_left;
  struct content *newest;
  int writing;
  int32_t timeout_ms;
  int lock;        /* the file that keeps other processes out */
  char path[4096]; /* empty: nothing is kept */
};
struct connection {
  struct store *of;
  struct content *seen;       /* the instant of the open transaction, or NULL */
  struct content *mine;       /* what the open write transaction made of it, or NULL */
  struct content *saved[256]; /* by its savepoints */
  int depth;
};
struct cursor {
  struct content *of;
  struct table *in;
  const kith_store_scan *wanted;
  size_t at; /* how many rows are behind us */
};

/* ------------------------------------------------------------------------------- shared ownership */

static kith_status no_memory(void) { return KITH_E_NO_MEMORY; }

static void *taken(size_t size) {
  void *memory = host->alloc(size);
  if (memory) memset(memory, 0, size);
  return memory;
}

static void drop_row(struct row *r) {
  if (atomic_fetch_sub(&r->users, 1) == 1) host->free(r);
}
static void drop_table(struct table *t) {
  if (!t || atomic_fetch_sub(&t->users, 1) != 1) return;
  for (size_t i = 0; i < t->row_count; ++i) drop_row(t->rows[i]);
  host->free(t->columns);
  host->free(t->unique);
  host->free(t->rows);
  host->free(t);
}
static void drop_content(struct content *c) {
  if (!c || atomic_fetch_sub(&c->users, 1) != 1) return;
  for (size_t i = 0; i < c->table_count; ++i) drop_table(c->tables[i]);
  host->free(c);
}

static struct content *shared(struct content *c) {
  atomic_fetch_add(&c->users, 1);
  return c;
}
/* A copy that shares all tables; they are copied when they are changed. */
static struct content *copy_of_content(const struct content *from) {
  struct content *to = host->alloc(sizeof *to);
  if (!to) return NULL;
  memcpy(to, from, sizeof *to);
  atomic_init(&to->users, 1);
  for (size_t i = 0; i < to->table_count; ++i) atomic_fetch_add(&to->tables[i]->users, 1);
  return to;
}
static struct table *copy_of_table(const struct table *from) {
  struct table *to = taken(sizeof *to);
  if (!to) return NULL;
  atomic_init(&to->users, 1);
  to->number = from->number;
  to->row_room = from->row_count + 64;
  to->columns = taken((from->column_count + 1) * sizeof *to->columns);
  to->unique = taken((from->unique_count + 1) * sizeof *to->unique);
  to->rows = taken(to->row_room * sizeof *to->rows);
  if (!to->columns || !to->unique || !to->rows) {
    drop_table(to);
    return NULL;
  }
  to->column_count = from->column_count;
  to->unique_count = from->unique_count;
  to->row_count = from->row_count;
  if (from->column_count) {
    memcpy(to->columns, from->columns, from->column_count * sizeof *to->columns);
  }
  if (from->unique_count) memcpy(to->unique, from->unique, from->unique_count * sizeof *to->unique);
  for (size_t i = 0; i < to->row_count; ++i) {
    to->rows[i] = from->rows[i];
    atomic_fetch_add(&to->rows[i]->users, 1);
  }
  return to;
}

/* ------------------------------------------------------------------------------- tables and rows */

static int place_of_table(const struct content *in, uint16_t number) {
  for (size_t i = 0; i < in->table_count; ++i) {
    if (in->tables[i]->number == number) return (int)i;
  }
  return -1;
}

/* Columns are known by their names: another program may have them in other slots. The column of a
 * slot, or -1. */
static int column_of(const struct table *t, const kith_store_entity *e, uint32_t slot) {
  const char *name = e->columns[slot].name;
  if (slot < t->column_count && strcmp(t->columns[slot].name, name) == 0) return (int)slot;
  for (uint32_t i = 0; i < t->column_count; ++i) {
    if (strcmp(t->columns[i].name, name) == 0) return (int)i;
  }
  return -1;
}

/* The first row whose id is not less. */
static size_t place_of_row(const struct table *t, int64_t id) {
  size_t low = 0, high = t->row_count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (t->rows[middle]->head.id < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
static struct row *row_at(const struct table *t, int64_t id) {
  const size_t at = place_of_row(t, id);
  return at < t->row_count && t->rows[at]->head.id == id ? t->rows[at] : NULL;
}

static int has_bytes(const kith_cell *c) { return c->type == KITH_TEXT || c->type == KITH_BLOB; }

/* A row of these cells, with bytes of its own. */
static struct row *make_row(const kith_store_row *head, const kith_cell *cells, size_t count) {
  size_t size = sizeof(struct row) + count * sizeof(kith_cell);
  for (size_t i = 0; i < count; ++i) size += has_bytes(&cells[i]) ? cells[i].as.bytes.size : 0;
  struct row *r = taken(size);
  if (!r) return NULL;
  atomic_init(&r->users, 1);
  r->head = *head;
  r->head.cells = r->cells;
  r->head.count = count;
  char *bytes = (char *)&r->cells[count];
  for (size_t i = 0; i < count; ++i) {
    r->cells[i] = cells[i];
    if (!has_bytes(&cells[i])) continue;
    const size_t length = cells[i].as.bytes.size;
    if (length) memcpy(bytes, cells[i].as.bytes.data, length);
    r->cells[i].as.bytes.data = bytes;
    bytes += length;
  }
  return r;
}

static const kith_cell *cell_of(const struct row *r, uint32_t column) {
  static const kith_cell null = {KITH_NULL, 0, {0}};
  return column < r->head.count ? &r->cells[column] : &null; /* older than the column */
}

static int same_cells(const kith_cell *a, const kith_cell *b) {
  if (a->type != b->type || a->type == KITH_NULL) return 0; /* null equals nothing */
  if (a->type == KITH_INTEGER) return a->as.integer == b->as.integer;
  if (a->type == KITH_REAL) return a->as.real == b->as.real;
  return a->as.bytes.size == b->as.bytes.size &&
         memcmp(a->as.bytes.data, b->as.bytes.data, a->as.bytes.size) == 0;
}
/* The live record that already has the values of this one, or 0. */
static int64_t holder(const struct table *t, const struct unique *u, const struct row *r) {
  if (r->head.deleted) return 0;
  for (size_t i = 0; i < t->row_count; ++i) {
    const struct row *other = t->rows[i];
    if (other->head.deleted || other->head.id == r->head.id) continue;
    uint32_t same = 0;
    while (same < u->key_count &&
           same_cells(cell_of(r, u->keys[same]), cell_of(other, u->keys[same]))) {
      ++same;
    }
    if (same == u->key_count) return other->head.id;
  }
  return 0;
}

/* ---------------------------------------------------------------------------------------- the file */

/* "own store 1\n", the version, the tables with their columns, unique indexes and rows, and a sum of
 * all bytes before it. Numbers are 8 bytes, little-endian on the machines that we are for. */
static const char file_head[] = "own store 1\n";

struct file {
  FILE *stream;
  uint64_t sum; /* FNV-1a */
  int bad;      /* it could not be read or written, or is not ours */
};

static void put(struct file *f, const void *bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    f->sum = (f->sum ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
  }
  if (size && fwrite(bytes, 1, size, f->stream) != size) f->bad = 1;
}
static void put_number(struct file *f, uint64_t n) { put(f, &n, sizeof n); }
static void get(struct file *f, void *bytes, size_t size) {
  if (f->bad || (size && fread(bytes, 1, size, f->stream) != size)) {
    f->bad = 1;
    memset(bytes, 0, size);
  }
  for (size_t i = 0; i < size; ++i) {
    f->sum = (f->sum ^ ((unsigned char *)bytes)[i]) * 1099511628211u;
  }
}
static uint64_t get_number(struct file *f, uint64_t most) {
  uint64_t n = 0;
  get(f, &n, sizeof n);
  if (n > most) f->bad = 1;
  return f->bad ? 0 : n;
}

static void put_row(struct file *f, const struct row *r) {
  const kith_store_row *h = &r->head;
  const int64_t numbers[] = {h->id,          h->revision,          h->created, h->deleted,
                             h->merged_into, (int64_t)h->checksum, (int64_t)h->count};
  put(f, numbers, sizeof numbers);
  for (size_t i = 0; i < h->count; ++i) {
    const kith_cell *c = &r->cells[i];
    put_number(f, c->type);
    if (has_bytes(c)) {
      put_number(f, c->as.bytes.size);
      put(f, c->as.bytes.data, c->as.bytes.size);
    } else if (c->type != KITH_NULL) {
      put(f, &c->as.integer, sizeof c->as.integer);
    }
  }
}
static void put_table(struct file *f, const struct table *t) {
  put_number(f, t->number);
  put_number(f, t->column_count);
  put_number(f, t->unique_count);
  put_number(f, t->row_count);
  put(f, t->columns, t->column_count * sizeof *t->columns);
  put(f, t->unique, t->unique_count * sizeof *t->unique);
  for (size_t i = 0; i < t->row_count; ++i) put_row(f, t->rows[i]);
}

static struct row *get_row(struct file *f, uint32_t columns) {
  int64_t numbers[7];
  kith_cell cells[1024];
  get(f, numbers, sizeof numbers);
  const size_t count = (size_t)numbers[6];
  if (f->bad || count > columns) return NULL;
  struct row *r = NULL;
  memset(cells, 0, count * sizeof *cells);
  for (size_t i = 0; i < count && !f->bad; ++i) {
    cells[i].type = (uint32_t)get_number(f, KITH_BLOB);
    if (has_bytes(&cells[i])) {
      const size_t size = (size_t)get_number(f, 0x7fffffff);
      char *bytes = taken(size + 1);
      if (!bytes) f->bad = 1;
      if (bytes) get(f, bytes, size);
      cells[i].as.bytes.data = bytes;
      cells[i].as.bytes.size = size;
    } else if (cells[i].type != KITH_NULL) {
      get(f, &cells[i].as.integer, sizeof cells[i].as.integer);
    }
  }
  const kith_store_row head = {numbers[0], numbers[1], numbers[2], numbers[3],
                               numbers[4], (uint64_t)numbers[5], NULL, 0};
  if (!f->bad) r = make_row(&head, cells, count);
  for (size_t i = 0; i < count; ++i) {
    if (has_bytes(&cells[i])) host->free((char *)cells[i].as.bytes.data);
  }
  return r;
}
static struct table *get_table(struct file *f) {
  struct table empty = {0};
  empty.number = (uint16_t)get_number(f, 0xffff);
  const uint32_t columns = (uint32_t)get_number(f, 1024);
  const uint32_t uniques = (uint32_t)get_number(f, 1024);
  const size_t rows = (size_t)get_number(f, SIZE_MAX / 64);
  struct table *t = f->bad ? NULL : copy_of_table(&empty);
  if (!t) return NULL;
  host->free(t->columns);
  host->free(t->unique);
  t->columns = taken((columns + 1) * sizeof *t->columns);
  t->unique = taken((uniques + 1) * sizeof *t->unique);
  if (t->columns && t->unique) {
    get(f, t->columns, columns * sizeof *t->columns);
    get(f, t->unique, uniques * sizeof *t->unique);
    t->column_count = columns;
    t->unique_count = uniques;
    while (t->row_count < rows) {
      if (t->row_count == t->row_room) {
        struct row **more = taken(t->row_room * 2 * sizeof *more);
        if (!more) break;
        memcpy(more, t->rows, t->row_count * sizeof *more);
        host->free(t->rows);
        t->rows = more;
        t->row_room *= 2;
      }
      struct row *r = get_row(f, columns);
      if (!r) break;
      t->rows[t->row_count++] = r;
    }
  }
  if (t->row_count < rows || f->bad || !t->columns || !t->unique) {
    drop_table(t);
    return NULL;
  }
  return t;
}

/* Writes an instant to a new file, down to the disk. */
static kith_status write_file(kith_store_call *call, const struct content *c, const char *path) {
  struct file f = {fopen(path, "wb"), 14695981039346656037u, 0};
  if (f.stream) {
    put(&f, file_head, sizeof file_head - 1);
    put_number(&f, c->version);
    put_number(&f, c->table_count);
    for (size_t i = 0; i < c->table_count; ++i) put_table(&f, c->tables[i]);
    const uint64_t sum = f.sum;
    put_number(&f, sum);
    const int synced = !f.bad && fflush(f.stream) == 0 && fsync(fileno(f.stream)) == 0;
    const int why = errno;
    if (fclose(f.stream) == 0 && synced) return KITH_OK;
    errno = why;
  }
  const kith_status code = errno == ENOSPC ? KITH_E_FULL : KITH_E_STORAGE;
  char message[4500];
  snprintf(message, sizeof message, "'%s' could not be written: %s", path, strerror(errno));
  unlink(path);
  return host->fail(call, code, message, NULL, 0, NULL);
}
/* A name is on the disk when its folder is. */
static int sync_folder(const char *path) {
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", path);
  char *slash = strrchr(folder, '/');
  if (slash) slash[slash == folder] = '\0';
  const int f = open(slash ? folder : ".", O_RDONLY);
  const int done = f >= 0 && fsync(f) == 0;
  if (f >= 0) close(f);
  return done;
}
static kith_status replace_file(kith_store_call *call, const struct content *c, const char *path) {
  char made[4200];
  snprintf(made, sizeof made, "%s.new", path);
  const kith_status written = write_file(call, c, made);
  if (written != KITH_OK) return written;
  if (rename(made, path) != 0) {
    unlink(made);
    return host->fail(call, KITH_E_STORAGE, strerror(errno), NULL, 0, NULL);
  }
  return sync_folder(path) ? KITH_OK : KITH_E_OUTCOME_UNKNOWN; /* old or new: nobody can tell */
}

static kith_status read_file(kith_store_call *call, struct store *s) {
  struct file f = {fopen(s->path, "rb"), 14695981039346656037u, 0};
  char head[sizeof file_head - 1];
  if (!f.stream) return errno == ENOENT ? KITH_ABSENT : KITH_E_STORAGE;
  get(&f, head, sizeof head);
  const int ours = !f.bad && memcmp(head, file_head, sizeof head) == 0;
  struct content *c = s->newest;
  c->version = get_number(&f, UINT64_MAX);
  const size_t tables = (size_t)get_number(&f, 1024);
  while (ours && c->table_count < tables) {
    struct table *t = get_table(&f);
    if (!t) break;
    c->tables[c->table_count++] = t;
  }
  const uint64_t sum = f.sum;
  const int whole = get_number(&f, UINT64_MAX) == sum && !f.bad && c->table_count == tables;
  fclose(f.stream);
  if (!ours) return host->fail(call, KITH_E_FOREIGN, "the file is no own store", NULL, 0, NULL);
  if (whole) return KITH_OK;
  return host->fail(call, KITH_E_DAMAGED, "the file is not what was written; restore a backup",
                    NULL, 0, NULL);
}

/* ----------------------------------------------------------------------------- opening and closing */

static void own_close(void *store) {
  struct store *s = store;
  drop_content(s->newest);
  if (s->lock >= 0) close(s->lock);
  pthread_cond_destroy(&s->writer_left);
  pthread_mutex_destroy(&s->mutex);
  host->free(s);
}

/* One process at a time: the others would not see what we commit. */
static kith_status lock_out_others(kith_store_call *call, struct store *s, int read_only) {
  char name[4200];
  snprintf(name, sizeof name, "%s.lock", s->path);
  s->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (s->lock < 0) return host->fail(call, KITH_E_STORAGE, strerror(errno), NULL, 0, NULL);
  if (flock(s->lock, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) return KITH_OK;
  return host->fail(call, KITH_E_BUSY, "another process has this store open", NULL, 0, NULL);
}

static kith_status own_open(kith_store_call *call, const kith_store_host *the_host, const char *uri,
                            const kith_store_options *options, kith_store_traits *traits,
                            void **out) {
  host = the_host;
  struct store *s = taken(sizeof *s);
  if (!s) return no_memory();
  const char *path = strchr(uri, ':'); /* "own:shop.own"; "own:" is kept nowhere */
  snprintf(s->path, sizeof s->path, "%s", path ? path + 1 : uri);
  s->timeout_ms = options->busy_timeout_ms;
  s->lock = -1;
  pthread_mutex_init(&s->mutex, NULL);
  pthread_cond_init(&s->writer_left, NULL);
  s->newest = taken(sizeof *s->newest);
  kith_status done = s->newest ? KITH_OK : no_memory();
  if (s->newest) atomic_init(&s->newest->users, 1);
  if (done == KITH_OK && s->path[0]) done = lock_out_others(call, s, options->read_only != 0);
  if (done == KITH_OK && s->path[0]) done = read_file(call, s);
  if (done == KITH_ABSENT) {
    done = !options->read_only ? KITH_OK
                               : host->fail(call, KITH_E_NOT_FOUND, "there is no such store", NULL,
                                            0, NULL);
  }
  if (done != KITH_OK) {
    own_close(s);
    return done;
  }
  traits->name = "own";
  traits->can = KITH_CAN_PARALLEL_READS | KITH_CAN_READ_ONLY_OPEN | KITH_CAN_BACKUP;
  traits->durable = s->path[0] ? KITH_DURABLE_ON_COMMIT : KITH_DURABLE_IN_PROCESS;
  *out = s;
  return KITH_OK;
}

static kith_status own_connect(kith_store_call *call, void *store, void **out) {
  (void)call;
  struct connection *c = taken(sizeof *c);
  if (!c) return no_memory();
  c->of = store;
  *out = c;
  return KITH_OK;
}
static void own_disconnect(void *connection) { host->free(connection); }

/* -------------------------------------------------------------------------------- transactions */

static struct content *newest_of(struct store *s) {
  pthread_mutex_lock(&s->mutex);
  struct content *c = shared(s->newest);
  pthread_mutex_unlock(&s->mutex);
  return c;
}

/* Whether it is our turn to write. */
static int came_to_write(struct store *s) {
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  const int64_t nanoseconds = end.tv_nsec + (int64_t)(s->timeout_ms % 1000) * 1000000;
  end.tv_sec += s->timeout_ms / 1000 + nanoseconds / 1000000000;
  end.tv_nsec = nanoseconds % 1000000000;
  pthread_mutex_lock(&s->mutex);
  int late = 0;
  while (s->writing && !late) late = pthread_cond_timedwait(&s->writer_left, &s->mutex, &end);
  const int came = !s->writing;
  if (came) s->writing = 1;
  pthread_mutex_unlock(&s->mutex);
  return came;
}
static void leave(struct store *s) {
  pthread_mutex_lock(&s->mutex);
  s->writing = 0;
  pthread_cond_signal(&s->writer_left);
  pthread_mutex_unlock(&s->mutex);
}

static void own_rollback(void *connection) {
  struct connection *c = connection;
  while (c->depth > 0) drop_content(c->saved[--c->depth]);
  if (c->mine) leave(c->of);
  drop_content(c->mine);
  drop_content(c->seen);
  c->mine = c->seen = NULL;
}

static kith_status own_begin(kith_store_call *call, void *connection, uint32_t write) {
  struct connection *c = connection;
  if (write && !came_to_write(c->of)) {
    return host->fail(call, KITH_E_BUSY, "somebody else writes; try again later", NULL, 0, NULL);
  }
  c->seen = newest_of(c->of);
  if (!write) return KITH_OK;
  c->mine = copy_of_content(c->seen);
  if (c->mine) return KITH_OK;
  leave(c->of);
  drop_content(c->seen);
  c->seen = NULL;
  return no_memory();
}

static kith_status own_commit(kith_store_call *call, void *connection) {
  struct connection *c = connection;
  struct store *s = c->of;
  if (c->mine) {
    c->mine->version += 1;
    const kith_status written = s->path[0] ? replace_file(call, c->mine, s->path) : KITH_OK;
    if (written != KITH_OK) return written; /* the host rolls back */
    struct content *before;
    pthread_mutex_lock(&s->mutex);
    before = s->newest;
    s->newest = shared(c->mine);
    pthread_mutex_unlock(&s->mutex);
    drop_content(before);
  }
  own_rollback(c); /* only forgets: what was made is the newest instant now */
  return KITH_OK;
}

static kith_status own_savepoint(kith_store_call *call, void *connection, uint32_t verb,
                                 int32_t level) {
  struct connection *c = connection;
  if (verb == KITH_SAVEPOINT_SET) {
    if (level > (int32_t)(sizeof c->saved / sizeof *c->saved)) {
      return host->fail(call, KITH_E_LIMIT, "savepoints nest 256 deep", NULL, 0, NULL);
    }
    struct content *copy = copy_of_content(c->mine);
    if (!copy) return no_memory();
    c->saved[c->depth++] = copy;
    return KITH_OK;
  }
  if (verb == KITH_SAVEPOINT_ROLL_BACK) {
    struct content *copy = copy_of_content(c->saved[level - 1]);
    if (!copy) return no_memory();
    drop_content(c->mine);
    c->mine = copy;
  }
  const int keep = verb == KITH_SAVEPOINT_RELEASE ? level - 1 : level;
  while (c->depth > keep) drop_content(c->saved[--c->depth]);
  return KITH_OK;
}

/* ------------------------------------------------------------------------------------------ reading */

/* What a call sees: our own writes, the transaction's instant, or the newest one. Drop it. */
static struct content *visible(struct connection *c) {
  if (c->mine) return shared(c->mine);
  if (c->seen) return shared(c->seen);
  return newest_of(c->of);
}

static kith_status own_data_version(kith_store_call *call, void *connection, uint64_t *version) {
  (void)call;
  struct content *now = visible(connection);
  *version = now->version;
  drop_content(now);
  return KITH_OK;
}

static kith_status own_has(kith_store_call *call, void *connection, const kith_store_entity *e) {
  (void)call;
  struct content *now = visible(connection);
  const int place = place_of_table(now, e->number);
  drop_content(now);
  return place < 0 ? KITH_ABSENT : KITH_OK;
}

/* The columns in the order of the host's slots. */
static kith_status give(kith_store_call *call, const struct table *t, const kith_store_entity *e,
                        const struct row *r) {
  kith_cell cells[1024];
  kith_store_row given = r->head;
  for (uint32_t slot = 0; slot < e->column_count; ++slot) {
    const int column = column_of(t, e, slot);
    cells[slot] = *cell_of(r, column < 0 ? UINT32_MAX : (uint32_t)column);
  }
  given.cells = cells;
  given.count = e->column_count;
  return host->give_row(call, &given);
}

static kith_status no_table(kith_store_call *call, const kith_store_entity *e) {
  return host->fail(call, KITH_E_MISUSE, "the entity has no table: apply() it", e->name, 0, NULL);
}

static kith_status own_get(kith_store_call *call, void *connection, const kith_store_entity *e,
                           int64_t id) {
  struct content *now = visible(connection);
  const int place = place_of_table(now, e->number);
  kith_status answer = KITH_ABSENT;
  if (place < 0) {
    answer = no_table(call, e);
  } else {
    const struct row *r = row_at(now->tables[place], id);
    if (r) answer = give(call, now->tables[place], e, r);
  }
  drop_content(now);
  return answer;
}

static kith_status own_scan(kith_store_call *call, void *connection, const kith_store_scan *wanted,
                            kith_store_scan_answer *answer) {
  struct cursor *k = taken(sizeof *k);
  if (!k) return no_memory();
  k->of = visible(connection);
  k->wanted = wanted;
  const int place = place_of_table(k->of, wanted->entity->number);
  if (place < 0) {
    drop_content(k->of);
    host->free(k);
    return no_table(call, wanted->entity);
  }
  k->in = k->of->tables[place];
  if (wanted->by_id == KITH_BY_ID_ASCENDING && wanted->after_id) {
    k->at = place_of_row(k->in, wanted->after_id);
    if (row_at(k->in, wanted->after_id)) ++k->at; /* behind it; there is no id after the largest */
  } else if (wanted->by_id == KITH_BY_ID_DESCENDING && wanted->after_id) {
    k->at = k->in->row_count - place_of_row(k->in, wanted->after_id);
  }
  /* Conditions and other orders are the host's: taken and ordered stay 0. */
  answer->cursor = k;
  return KITH_OK;
}

static kith_status own_next(kith_store_call *call, void *cursor, uint32_t most) {
  struct cursor *k = cursor;
  while (k->at < k->in->row_count) {
    if (most == 0) return KITH_ROW;
    const int down = k->wanted->by_id == KITH_BY_ID_DESCENDING;
    const struct row *r = k->in->rows[down ? k->in->row_count - 1 - k->at : k->at];
    ++k->at;
    const uint32_t is = r->head.deleted ? KITH_ROWS_DELETED : KITH_ROWS_LIVE;
    if (k->wanted->rows != KITH_ROWS_ALL && k->wanted->rows != is) continue;
    const kith_status given = give(call, k->in, k->wanted->entity, r);
    if (given != KITH_OK) return given;
    --most;
  }
  return KITH_DONE;
}
static void own_end_scan(void *cursor) {
  struct cursor *k = cursor;
  drop_content(k->of);
  host->free(k);
}

/* ------------------------------------------------------------------------------------------ writing */

/* A table that is ours alone; NULL: no memory. */
static struct table *own_table(struct connection *c, int place) {
  struct table *t = c->mine->tables[place];
  if (atomic_load(&t->users) == 1) return t;
  struct table *copy = copy_of_table(t);
  if (!copy) return NULL;
  drop_table(t);
  return c->mine->tables[place] = copy;
}

/* Says that a unique value is taken, by an index that the host knows or by one that it does not. */
static kith_status is_taken(kith_store_call *call, const kith_store_entity *e,
                            const struct unique *u, int64_t other) {
  for (uint32_t i = 0; i < e->index_count; ++i) {
    if (strcmp(e->indexes[i].name, u->name) == 0) return host->exists(call, i, other);
  }
  return host->fail(call, KITH_E_EXISTS, "a unique value is taken", e->name, other, u->name);
}

static kith_status own_write(kith_store_call *call, void *connection, const kith_store_change *change) {
  struct connection *c = connection;
  const kith_store_entity *e = change->entity;
  const int place = place_of_table(c->mine, e->number);
  if (place < 0) return no_table(call, e);
  struct table *t = own_table(c, place);
  if (!t) return no_memory();

  /* Columns that the host does not know stay as they are. */
  kith_cell cells[1024];
  const size_t at = place_of_row(t, change->row->id);
  struct row *before = row_at(t, change->row->id);
  for (uint32_t i = 0; i < t->column_count; ++i) {
    static const kith_cell null = {KITH_NULL, 0, {0}};
    cells[i] = before ? *cell_of(before, i) : null;
  }
  for (uint32_t slot = 0; slot < e->column_count && slot < change->row->count; ++slot) {
    const int column = column_of(t, e, slot);
    if (column >= 0) cells[column] = change->row->cells[slot];
  }
  struct row *r = make_row(change->row, cells, t->column_count);
  if (!r) return no_memory();
  for (uint32_t i = 0; i < t->unique_count; ++i) {
    const int64_t other = holder(t, &t->unique[i], r);
    if (!other) continue;
    drop_row(r);
    return is_taken(call, e, &t->unique[i], other);
  }

  if (before) {
    t->rows[at] = r;
    drop_row(before);
    return KITH_OK;
  }
  if (t->row_count == t->row_room) {
    struct row **more = taken(t->row_room * 2 * sizeof *more);
    if (!more) {
      drop_row(r);
      return no_memory();
    }
    memcpy(more, t->rows, t->row_count * sizeof *more);
    host->free(t->rows);
    t->rows = more;
    t->row_room *= 2;
  }
  memmove(&t->rows[at + 1], &t->rows[at], (t->row_count - at) * sizeof *t->rows);
  t->rows[at] = r;
  ++t->row_count;
  return KITH_OK;
}

static kith_status own_erase(kith_store_call *call, void *connection, const kith_store_entity *e,
                             int64_t id) {
  struct connection *c = connection;
  const int place = place_of_table(c->mine, e->number);
  if (place < 0) return no_table(call, e);
  struct table *t = own_table(c, place);
  if (!t) return no_memory();
  const size_t at = place_of_row(t, id);
  if (at == t->row_count || t->rows[at]->head.id != id) return KITH_OK;
  drop_row(t->rows[at]);
  --t->row_count;
  memmove(&t->rows[at], &t->rows[at + 1], (t->row_count - at) * sizeof *t->rows);
  return KITH_OK;
}

/* Adds the columns that are missing; a copy of the table is changed, so that a refusal changes
 * nothing. */
static kith_status add_columns(kith_store_call *call, struct table *t, const kith_store_entity *e) {
  struct column *columns = taken((t->column_count + e->column_count + 1) * sizeof *columns);
  if (!columns) return no_memory();
  if (t->column_count) memcpy(columns, t->columns, t->column_count * sizeof *columns);
  host->free(t->columns);
  t->columns = columns;
  for (uint32_t slot = 0; slot < e->column_count; ++slot) {
    const int known = column_of(t, e, slot);
    if (known >= 0 && columns[known].type != e->columns[slot].type) {
      return host->fail(call, KITH_E_MODEL, "a column of this name holds another class of values",
                        e->name, 0, e->columns[slot].name);
    }
    if (known >= 0) continue;
    if (t->column_count == 1024) {
      return host->fail(call, KITH_E_LIMIT, "a table has 1024 columns", e->name, 0, NULL);
    }
    struct column *made = &columns[t->column_count++];
    snprintf(made->name, sizeof made->name, "%s", e->columns[slot].name);
    made->type = e->columns[slot].type;
  }
  return KITH_OK;
}

static kith_status add_unique(kith_store_call *call, struct table *t, const kith_store_entity *e) {
  struct unique *all = taken((t->unique_count + e->index_count + 1) * sizeof *all);
  if (!all) return no_memory();
  uint32_t count = 0;
  for (uint32_t i = 0; i < t->unique_count; ++i) { /* but those that refuse nothing any more */
    uint32_t retired = 0;
    while (retired < e->retired_count && strcmp(e->retired_indexes[retired], t->unique[i].name)) {
      ++retired;
    }
    if (retired == e->retired_count) all[count++] = t->unique[i];
  }
  host->free(t->unique);
  t->unique = all;
  t->unique_count = count;
  for (uint32_t i = 0; i < e->index_count; ++i) {
    const kith_store_index *wanted = &e->indexes[i];
    uint32_t known = 0;
    while (known < t->unique_count && strcmp(all[known].name, wanted->name)) ++known;
    if (wanted->shape != KITH_INDEX_UNIQUE || known < t->unique_count) continue;
    struct unique *made = &all[t->unique_count++];
    snprintf(made->name, sizeof made->name, "%s", wanted->name);
    for (uint16_t k = 0; k < wanted->key_count && k < 16; ++k) {
      made->keys[made->key_count++] = (uint16_t)column_of(t, e, wanted->keys[k]);
    }
    for (size_t r = 0; r < t->row_count; ++r) {
      const int64_t other = holder(t, made, t->rows[r]);
      if (other) return host->exists(call, i, other);
    }
  }
  return KITH_OK;
}

static kith_status own_apply(kith_store_call *call, void *connection, const kith_store_entity *e) {
  struct connection *c = connection;
  struct table empty = {0};
  empty.number = e->number;
  const int place = place_of_table(c->mine, e->number);
  if (place < 0 && c->mine->table_count == 1024) {
    return host->fail(call, KITH_E_LIMIT, "the store has 1024 tables", e->name, 0, NULL);
  }
  struct table *t = copy_of_table(place < 0 ? &empty : c->mine->tables[place]);
  if (!t) return no_memory();
  kith_status done = add_columns(call, t, e);
  if (done == KITH_OK) done = add_unique(call, t, e);
  if (done != KITH_OK) {
    drop_table(t);
    return done;
  }
  if (place < 0) {
    c->mine->tables[c->mine->table_count++] = t;
  } else {
    drop_table(c->mine->tables[place]);
    c->mine->tables[place] = t;
  }
  return KITH_OK;
}

/* ------------------------------------------------------------------------------------------- backup */

static kith_status own_backup(kith_store_call *call, void *store, const char *path) {
  struct store *s = store;
  char made[4200], uri[4300];
  if (access(path, F_OK) == 0) {
    return host->fail(call, KITH_E_EXISTS, "there is a file of this name; give another one", NULL,
                      0, NULL);
  }
  snprintf(made, sizeof made, "%s.part", path);
  snprintf(uri, sizeof uri, "own:%s", made);
  struct content *now = newest_of(s);
  kith_status done = write_file(call, now, made);
  drop_content(now);
  if (done != KITH_OK) return done;
  done = host->check_copy(call, uri);
  if (done == KITH_OK && rename(made, path) != 0) {
    done = host->fail(call, KITH_E_STORAGE, strerror(errno), NULL, 0, NULL);
  }
  if (done == KITH_OK && !sync_folder(path)) {
    done = host->fail(call, KITH_E_STORAGE, strerror(errno), NULL, 0, NULL);
  }
  if (done != KITH_OK) unlink(made);
  strcat(made, ".lock"); /* of the check */
  unlink(made);
  return done;
}

/* ---------------------------------------------------------------------------------------- the table */

KITH_PLUGIN_EXPORT kith_status kith_store_init(uint32_t abi, const kith_store_api **api) {
  static const kith_store_api table = {
      .struct_size = sizeof table,
      .abi = 1,
      .open = own_open,
      .close = own_close,
      .connect = own_connect,
      .disconnect = own_disconnect,
      .begin = own_begin,
      .commit = own_commit,
      .rollback = own_rollback,
      .savepoint = own_savepoint,
      .get = own_get,
      .scan = own_scan,
      .next = own_next,
      .end_scan = own_end_scan,
      .write = own_write,
      .erase = own_erase,
      .has = own_has,
      .apply = own_apply,
      .data_version = own_data_version,
      .backup = own_backup,
  };
  if (abi != 1) return KITH_E_NEWER; /* the host asks again, for an older interface */
  *api = &table;
  return KITH_OK;
}
