/* SPDX-License-Identifier: Apache-2.0
 *
 * Stores and modules of another make, as tables of C functions. A plug-in links nothing of Kith: it
 * includes this header and receives what it needs (struct kith_store_host). docs/plug-ins.md is the
 * manual, examples/own_store.c and examples/plugin_loyalty.c are templates to copy.
 *
 * A plug-in has all rights of the program that loads it. It stays loaded until the program ends.
 *
 * C99; sizes and offsets never change (tests/store/plugin_abi_test.cpp asserts them). A struct that
 * begins with struct_size may grow at its end: who fills it says how much it knows, who reads it
 * reads no further.
 */
#ifndef KITH_PLUGIN_H
#define KITH_PLUGIN_H

#include "kith_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define KITH_PLUGIN_EXPORT __declspec(dllexport)
#else
#define KITH_PLUGIN_EXPORT __attribute__((visibility("default")))
#endif

/* ------------------------------------------------------------------------------------- the host */

/* One call of the host into a plug-in. It ends when the function returns. */
typedef struct kith_store_call kith_store_call;

/* One version of one record. The cells of text and blobs, and the array, are the giver's; the other
 * side copies what it wants to keep before it returns. */
typedef struct kith_store_row {
  int64_t id; /* greater than 0 */
  int64_t revision;
  int64_t created;
  int64_t deleted;        /* 0: live */
  int64_t merged_into;    /* 0: was not merged */
  uint64_t checksum;      /* kept and given back as it is */
  const kith_cell *cells; /* by slot: the place of a column in kith_store_entity.columns */
  size_t count;           /* the columns behind them are null: the row is older than they are */
} kith_store_row;

/* What the host does for stores. It lives as long as the store; every function may be called by the
 * thread of the call it is given, until that call returns. */
typedef struct kith_store_host {
  size_t struct_size;
  uint32_t abi;
  uint32_t reserved;
  void *(*alloc)(size_t size); /* NULL: no memory; answer KITH_E_NO_MEMORY then */
  void (*free)(void *memory);
  /* Says why a call is not done: `return host->fail(call, KITH_E_STORAGE, "…", NULL, 0, NULL)`.
   * Answers `code`. message says what would be right; entity, record and field may be absent. */
  kith_status (*fail)(kith_store_call *call, kith_status code, const char *message,
                      const char *entity, int64_t record, const char *field);
  /* The same of write() and apply() for a unique index, by its place in kith_store_entity.indexes:
   * the host finds the words. Answers KITH_E_EXISTS. */
  kith_status (*exists)(kith_store_call *call, uint32_t index, int64_t other_record);
  /* Hands over a row: of get() and next(). Anything but KITH_OK: stop, and answer that. */
  kith_status (*give_row)(kith_store_call *call, const kith_store_row *row);
  /* Hands over a row of an aggregate() or host_sql(). */
  kith_status (*give_cells)(kith_store_call *call, const kith_cell *cells, size_t count);
  /* Hands over what verify() found, and what a person can do about it. */
  kith_status (*give_damage)(kith_store_call *call, const char *what, const char *remedy);
  /* Of backup(): the copy is finished under this place; the host opens it, looks, closes it. */
  kith_status (*check_copy)(kith_store_call *call, const char *uri);
  /* Not 0: somebody wants the call to end; answer KITH_E_INTERRUPTED then. For long work. */
  int32_t (*cancelled)(kith_store_call *call);
  void (*log)(kith_store_call *call, const char *message); /* nothing else is written anywhere */
} kith_store_host;

/* --------------------------------------------------------------------- what is to be stored */

enum { KITH_ROLE_VALUE = 0, KITH_ROLE_KEY = 1 }; /* a key is derived from the value before it */

typedef struct kith_store_column {
  const char *name; /* unique in its entity, for ever; slots are not: write names to files */
  uint32_t type;    /* KITH_INTEGER … KITH_BLOB: every cell is this or null */
  uint32_t role;
} kith_store_column;

enum {
  KITH_INDEX_ORDINARY = 0,
  KITH_INDEX_UNIQUE = 1,   /* at most one live record has these values; null equals nothing */
  KITH_INDEX_CLUSTERED = 2 /* read by the first key, in the order of the second */
};

typedef struct kith_store_index {
  const char *name;      /* unique in its entity */
  const char *field;     /* the first field whose values are the keys, for messages */
  const uint16_t *keys;  /* slots */
  const uint16_t *shown; /* of a clustered one: further slots that lists show */
  uint32_t shape;
  uint16_t key_count;
  uint16_t shown_count;
} kith_store_index;

/* The layout of an entity's rows. It lives until the call returns, of a scan until its cursor is
 * closed; the same `layout` always means the same content, so that what is derived may be kept. */
typedef struct kith_store_entity {
  size_t struct_size;
  uint64_t layout;
  const char *name;
  const kith_store_column *columns;
  const kith_store_index *indexes;
  const char *const *retired_indexes; /* names of indexes that refuse nothing any more */
  uint32_t column_count;
  uint32_t index_count;
  uint32_t retired_count;
  uint16_t number; /* names the entity in this store, for ever */
  uint16_t reserved;
} kith_store_entity;

/* -------------------------------------------------------------------------------- questions */

/* The system cells as slots of programs. */
enum {
  KITH_SLOT_ID = 0xfff0,
  KITH_SLOT_REVISION = 0xfff1,
  KITH_SLOT_CREATED = 0xfff2,
  KITH_SLOT_DELETED = 0xfff3, /* null: live */
  KITH_SLOT_MERGED = 0xfff4,  /* null: was not merged */
  KITH_SLOT_CHECKSUM = 0xfff5
};

/* The operations of programs, on a stack of cells. Truth is integer 1 or 0, unknown is null. Who
 * meets a number that is not among those leaves the whole condition to the host. */
enum {
  KITH_OP_CONSTANT = 1,
  KITH_OP_LOAD = 2, /* push the row's cell at `slot` */
  KITH_OP_LOAD_PATH = 3, /* push the cell at `slot` of the row where the `count` hops lead to */
  KITH_OP_HOP = 4, /* follow the reference at `slot` to a row of `entity` */
  KITH_OP_NOT = 5,
  KITH_OP_AND = 6, /* of the `count` topmost */
  KITH_OP_OR = 7,
  KITH_OP_IS_NULL = 8,
  KITH_OP_EQUAL = 9,
  KITH_OP_NOT_EQUAL = 10,
  KITH_OP_LESS = 11,
  KITH_OP_LESS_EQUAL = 12,
  KITH_OP_GREATER = 13,
  KITH_OP_GREATER_EQUAL = 14,
  KITH_OP_IN_LIST = 15, /* is the cell below the `count` topmost among them */
  KITH_OP_LIKE = 16,
  KITH_OP_ONLY_IF = 17,
  KITH_OP_COALESCE = 18,
  KITH_OP_RELATED = 19
};

/* One instruction of a postfix program. */
typedef struct kith_store_instruction {
  uint16_t code;
  uint16_t slot;
  uint16_t entity;
  uint8_t type; /* of the cell that a load pushes */
  uint8_t detail;
  uint32_t count;
  uint32_t count2;
  kith_cell constant;
} kith_store_instruction;

typedef struct kith_store_program {
  const kith_store_instruction *code;
  size_t count;
} kith_store_program;

typedef struct kith_store_order {
  kith_store_program key;
  uint32_t type;
  uint32_t descending;
} kith_store_order;

enum { KITH_ROWS_LIVE = 0, KITH_ROWS_DELETED = 1, KITH_ROWS_ALL = 2 };
enum { KITH_BY_ID_DESCENDING = -1, KITH_NOT_BY_ID = 0, KITH_BY_ID_ASCENDING = 1 };

/* What is scanned. Everything here lives until the cursor is closed. */
typedef struct kith_store_scan {
  size_t struct_size;
  const kith_store_entity *entity;
  uint32_t rows;      /* KITH_ROWS_… */
  int32_t by_id;      /* KITH_BY_ID_…: the order is that of the ids; every store keeps it */
  int64_t after_id;   /* by id: only rows behind this one; 0: all */
  uint32_t any_order; /* not 0: a look-up; rows may come in any order */
  uint32_t reserved;
  /* Only with KITH_CAN_CONDITIONS; they must all hold. */
  const kith_store_program *conditions;
  size_t condition_count;
  /* Of KITH_NOT_BY_ID, only with KITH_CAN_ORDERS; the id is the last key, in the direction of the
   * last term. Null comes first ascending. */
  const kith_store_order *order;
  size_t order_count;
  const kith_cell *after; /* only rows behind this place: one cell for each term, then the id */
  size_t after_count;
  uint64_t limit;        /* a hint: the host reads no more rows when all was taken; 0: all */
  const uint16_t *slots; /* the cells that will be read; the others may be given as null */
  size_t slot_count;
} kith_store_scan;

/* What a store says about a scan that it opens; the host begins with nothing taken. */
typedef struct kith_store_scan_answer {
  size_t struct_size;
  void *cursor;
  uint64_t taken;   /* bit i: condition i was taken; the host does the others */
  uint32_t ordered; /* not 0: rows come in the wanted order and behind the place; by id: always */
  uint32_t reserved;
} kith_store_scan_answer;

/* A change of one record. */
typedef struct kith_store_change {
  size_t struct_size;
  const kith_store_entity *entity;
  const kith_store_row *row; /* the new version, all cells of it */
  const uint16_t *changed; /* of an update: the slots that differ; system cells may differ always */
  size_t changed_count;
  uint32_t is_new; /* not 0: the host knows no version before this one */
  uint32_t reserved;
} kith_store_change;

enum { KITH_MEASURE_COUNT = 1, KITH_MEASURE_SUM = 2, KITH_MEASURE_MIN = 3, KITH_MEASURE_MAX = 4 };

typedef struct kith_store_measure {
  kith_store_program of; /* empty: rows */
  uint32_t what;
  uint32_t reserved;
} kith_store_measure;

/* A grouped aggregation; taken whole or not at all. */
typedef struct kith_store_aggregate {
  size_t struct_size;
  const kith_store_entity *entity;
  uint32_t rows;
  uint32_t reserved;
  const kith_store_program *conditions;
  size_t condition_count;
  const kith_store_program *groups;
  const uint32_t *group_types;
  size_t group_count;
  const kith_store_measure *measures;
  size_t measure_count;
} kith_store_aggregate;

/* -------------------------------------------------------------------------------- the store */

/* How a store is opened. */
typedef struct kith_store_options {
  size_t struct_size;
  int32_t busy_timeout_ms; /* how long a writer waits for others */
  uint32_t read_only;
} kith_store_options;

enum {
  KITH_DURABLE_IN_PROCESS = 0, /* gone with the process */
  KITH_DURABLE_ON_SAVE = 1,
  KITH_DURABLE_ON_COMMIT = 2 /* a commit that returned survives a power cut */
};

/* What a store can do beyond the required minimum. What is not declared is never asked for; what is
 * declared must have its function. */
#define KITH_CAN_MANY_PROCESSES ((uint64_t)1 << 0)
#define KITH_CAN_PARALLEL_READS ((uint64_t)1 << 1) /* readers keep their instant while one writes \
                                                    */
#define KITH_CAN_READ_ONLY_OPEN ((uint64_t)1 << 2)
#define KITH_CAN_CONDITIONS ((uint64_t)1 << 3)
#define KITH_CAN_PATHS ((uint64_t)1 << 4) /* KITH_OP_LOAD_PATH in conditions and orders */
#define KITH_CAN_ORDERS ((uint64_t)1 << 5)
#define KITH_CAN_AGGREGATES ((uint64_t)1 << 6) /* aggregate() */
#define KITH_CAN_HOST_SQL ((uint64_t)1 << 7)   /* host_sql() */
#define KITH_CAN_SAVE ((uint64_t)1 << 8)       /* save() */
#define KITH_CAN_BACKUP ((uint64_t)1 << 9)     /* backup() */
#define KITH_CAN_COMPACT ((uint64_t)1 << 10)   /* compact() */
#define KITH_CAN_VERIFY ((uint64_t)1 << 11)    /* verify() */

/* A store that is open says what it can; the host begins with zeros. */
typedef struct kith_store_traits {
  size_t struct_size;
  const char *name; /* lives as long as the store */
  uint64_t can;     /* KITH_CAN_… */
  uint32_t durable; /* KITH_DURABLE_… */
  uint32_t reserved;
} kith_store_traits;

enum { KITH_SAVEPOINT_SET = 1, KITH_SAVEPOINT_RELEASE = 2, KITH_SAVEPOINT_ROLL_BACK = 3 };

/* The table that a store fills. Every function answers KITH_OK or a negative kith_status, and those
 * that are named with it; what it answers with anything negative has not happened.
 *
 * What the host promises: a connection, with its cursors, is used by one thread at a time;
 * functions of a store by any. Transactions do not nest; write(), erase(), apply() and savepoint()
 * only come inside a write transaction, levels of savepoints in order. get(), has(), scan() also
 * come outside of one: they see the newest committed instant each. Cursors are closed before their
 * transaction ends, before the next one begins, and before a write of their connection. Connections
 * are closed before their store. Nothing is called again from inside of give_row() and its like. */
typedef struct kith_store_api {
  size_t struct_size;
  uint32_t abi; /* the one that was asked for */
  uint32_t reserved;

  /* Required. */
  kith_status (*open)(kith_store_call *call, const kith_store_host *host, const char *uri,
                      const kith_store_options *options, kith_store_traits *traits, void **store);
  void (*close)(void *store);
  kith_status (*connect)(kith_store_call *call, void *store, void **connection);
  void (*disconnect)(void *connection); /* a transaction that is open is rolled back before */
  /* A writer waits for other writers, up to the time-out: KITH_E_BUSY; KITH_E_READ_ONLY. */
  kith_status (*begin)(kith_store_call *call, void *connection, uint32_t write);
  /* Returns when the transaction is as durable as the store promises. KITH_E_BUSY, _FULL, _STORAGE:
   * nothing was stored; KITH_E_OUTCOME_UNKNOWN: nobody can tell yet. A transaction whose commit
   * failed is rolled back by the host. */
  kith_status (*commit)(kith_store_call *call, void *connection);
  void (*rollback)(void *connection);
  kith_status (*savepoint)(kith_store_call *call, void *connection, uint32_t verb, int32_t level);
  /* At most one row. KITH_OK, KITH_ABSENT. Deleted records are there, too. */
  kith_status (*get)(kith_store_call *call, void *connection, const kith_store_entity *entity,
                     int64_t id);
  kith_status (*scan)(kith_store_call *call, void *connection, const kith_store_scan *scan,
                      kith_store_scan_answer *answer);
  /* At most `most` rows: KITH_ROW: there may be more, KITH_DONE: there are none. */
  kith_status (*next)(kith_store_call *call, void *cursor, uint32_t most);
  void (*end_scan)(void *cursor);
  /* Adds or replaces a version; host->exists() for a unique index. */
  kith_status (*write)(kith_store_call *call, void *connection, const kith_store_change *change);
  /* Removes every trace of the record. KITH_OK also when there is none. */
  kith_status (*erase)(kith_store_call *call, void *connection, const kith_store_entity *entity,
                       int64_t id);
  /* Whether there is a place for the entity's records: KITH_OK, KITH_ABSENT. */
  kith_status (*has)(kith_store_call *call, void *connection, const kith_store_entity *entity);
  /* Adds what the store lacks of the entity: its table, columns, indexes. Part of the transaction.
   * KITH_E_MODEL when a column of this name is there with another type. */
  kith_status (*apply)(kith_store_call *call, void *connection, const kith_store_entity *entity);
  /* A number that changes whenever somebody else's commit has become visible to this connection. */
  kith_status (*data_version)(kith_store_call *call, void *connection, uint64_t *version);

  /* Optional: NULL, or with its bit of KITH_CAN_…. */
  /* Gives each group: its key cells, then its measures. KITH_OK, or KITH_E_UNSUPPORTED for a
   * request that the store does not take; then nothing was given. */
  kith_status (*aggregate)(kith_store_call *call, void *connection,
                           const kith_store_aggregate *request);
  /* The host's own statement. KITH_E_DENIED when it touches Kith's tables. */
  kith_status (*host_sql)(kith_store_call *call, void *connection, kith_text text,
                          const kith_cell *parameters, size_t parameter_count);
  kith_status (*save)(kith_store_call *call, void *store);
  /* Copies one instant to a new file, which gets its name when all of it is on the disk and
   * host->check_copy() answered KITH_OK. KITH_E_EXISTS, _NOT_FOUND, _FULL, _STORAGE. */
  kith_status (*backup)(kith_store_call *call, void *store, const char *path);
  kith_status (*compact)(kith_store_call *call, void *store);
  kith_status (*verify)(kith_store_call *call, void *store);
  /* Whether the store can still be used: KITH_OK, KITH_E_POISONED, _CLOSED. */
  kith_status (*check)(kith_store_call *call, void *store);
} kith_store_api;

/* The first and the newest interface of stores that this header describes. */
#define KITH_STORE_ABI_FIRST 1
#define KITH_STORE_ABI 1

/* What a store's library exports: answers its table, which lives for ever. KITH_E_NEWER for an abi
 * that it does not know; the host asks for lower ones then. */
typedef kith_status (*kith_store_init_function)(uint32_t abi, const kith_store_api **api);
KITH_PLUGIN_EXPORT kith_status kith_store_init(uint32_t abi, const kith_store_api **api);

/* ----------------------------------------------------------------------------------- modules */

/* A module adds to the model of the program that loads it: entities, fields on existing ones, rules,
 * actions, reports. What it describes of entities and fields is written into the stores that the
 * program opens, and stays there without the module. */

typedef struct kith_choice_def {
  const char *name; /* in queries and files: lower-case words */
  const char *ru;   /* labels in Russian and sentences in English may be NULL, here and below */
} kith_choice_def;

enum {
  KITH_DEF_REQUIRED = 1 << 0, /* not of fields on entities of others */
  KITH_DEF_UNIQUE = 1 << 1,
  KITH_DEF_INDEXED = 1 << 2,
  KITH_DEF_SEARCHABLE = 1 << 3,
  KITH_DEF_PERSONAL = 1 << 4,
  KITH_DEF_FOLDED = 1 << 5 /* text: compared without case */
};
enum {
  KITH_ON_DELETE_RESTRICT = 0,
  KITH_ON_DELETE_CLEAR = 1,
  KITH_ON_DELETE_CASCADE = 2,
  KITH_ON_DELETE_KEEP = 3
};

/* A field of an entity, or an argument of an action or report. */
typedef struct kith_field_def {
  size_t struct_size;
  const char *name; /* of fields: with a prefix of the module's own, `loyalty_points` */
  uint32_t kind;    /* KITH_KIND_… */
  uint32_t flags;   /* KITH_DEF_… */
  int32_t scale;    /* decimal, money: digits behind the point; money: -1: as the currency has */
  uint32_t max_length;       /* text: characters; 0: no limit of its own */
  const int64_t *least;      /* in whole units; NULL: no limit */
  const int64_t *most;
  const char *target;        /* KITH_KIND_REF: the entity */
  const kith_choice_def *choices; /* KITH_KIND_CHOICE; they are numbered from 1 */
  size_t choice_count;
  uint32_t on_delete;
  uint32_t reserved;
  const char *initial; /* of arguments: what people would write when it is not given; or NULL */
  const char *label;
  const char *ru;
  const char *doc;
} kith_field_def;

typedef struct kith_entity_def {
  size_t struct_size;
  const char *name;   /* with a prefix of the module's own: `loyalty_gift` */
  const char *plural; /* `loyalty_gifts` */
  const char *title;  /* the field that names a record to people; or NULL */
  const kith_field_def *fields;
  size_t field_count;
  const char *ru;
  const char *ru_plural;
  const char *doc;
} kith_entity_def;

/* What a callback sees and may do; it ends with the callback. */
typedef struct kith_scope kith_scope;

/* Answers KITH_OK, or what scope functions answered, or `scope->fail(…)`. */
typedef kith_status (*kith_run)(kith_scope *scope, void *data);

enum {
  KITH_RULE_COMPLETE = 0, /* fills in fields of the record: set() */
  KITH_RULE_CHECK = 1,    /* says what is wrong: refuse() */
  KITH_RULE_REACT = 2     /* writes other records in the same transaction */
};

typedef struct kith_rule_def {
  size_t struct_size;
  const char *name;   /* names the rule in violations: `gifts_are_earned` */
  const char *entity; /* on whose records it runs */
  const char *const *reads; /* fields and paths: it runs when the first field of one has changed */
  size_t read_count;
  const char *const *writes; /* KITH_RULE_COMPLETE: the fields it may set */
  size_t write_count;
  uint32_t phase;
  uint32_t reserved;
  kith_run run;
  void *data;
} kith_rule_def;

typedef struct kith_action_def {
  size_t struct_size;
  const char *entity;
  const char *name; /* a verb: `add_points` */
  const kith_field_def *arguments;
  size_t argument_count;
  uint32_t of_entity; /* not 0: it is done to the entity as a whole, not to one record */
  uint32_t reserved;
  kith_run run;
  void *data;
  const char *ru;
  const char *doc;
} kith_action_def;

typedef struct kith_report_def {
  size_t struct_size;
  const char *name; /* a noun: `loyalty` */
  const kith_field_def *arguments;
  size_t argument_count;
  kith_run run; /* column() for each column, then row() for each row */
  void *data;
  const char *mark; /* how it is drawn: `bar`, `line`; NULL: not. x, y, color: names of columns */
  const char *x;
  const char *y;
  const char *color;
  const char *ru;
  const char *doc;
} kith_report_def;

/* Where a module puts what it has; valid inside kith_module_init(). */
typedef struct kith_registry kith_registry;

/* What a module adds. Descriptions are copied; functions and data live for ever. */
typedef struct kith_module_host {
  size_t struct_size;
  uint32_t abi;
  uint32_t reserved;
  kith_status (*add_entity)(kith_registry *registry, const kith_entity_def *entity);
  /* A field on an entity that somebody else describes. */
  kith_status (*add_field)(kith_registry *registry, const char *entity, const kith_field_def *field);
  kith_status (*add_rule)(kith_registry *registry, const kith_rule_def *rule);
  kith_status (*add_action)(kith_registry *registry, const kith_action_def *action);
  kith_status (*add_report)(kith_registry *registry, const kith_report_def *report);
  /* Why the module cannot be used; answers `code`. */
  kith_status (*fail_to_load)(kith_registry *registry, kith_status code, const char *message);

  /* In callbacks. Texts that are read live until the callback returns. What is not there reads as
   * KITH_KIND_NONE. Paths: `amount`, `client.address.city`. */

  /* Of the record: as it will be (rules), as it was when the action began. */
  kith_status (*get)(kith_scope *scope, const char *path, kith_value *value);
  kith_status (*get_old)(kith_scope *scope, const char *path, kith_value *value); /* rules: as it was */
  kith_status (*argument)(kith_scope *scope, const char *name, kith_value *value);
  int32_t (*changed)(kith_scope *scope, const char *field); /* rules */
  int32_t (*is_new)(kith_scope *scope);                     /* rules */
  int64_t (*id)(kith_scope *scope);                         /* 0: there is no record */
  /* KITH_RULE_COMPLETE: gives a declared field a value. */
  kith_status (*set)(kith_scope *scope, const char *field, const kith_value *value);
  /* KITH_RULE_CHECK and actions: names the field (NULL: the whole record) and what would be right.
   * All refusals are told together, when the callback has returned KITH_OK. */
  kith_status (*refuse)(kith_scope *scope, const char *field, const char *message);
  /* Ends the call with an error: `return host->fail(scope, KITH_E_DENIED, "…")`. */
  kith_status (*fail)(kith_scope *scope, kith_status code, const char *message);
  int64_t (*now)(kith_scope *scope);   /* microseconds since 1970-01-01 UTC */
  int64_t (*today)(kith_scope *scope); /* days since 1970-01-01, in the session's zone */
  kith_text (*actor)(kith_scope *scope);

  /* KITH_RULE_REACT, actions, reports: other records, in the same transaction, with the rights of
   * the session (reactions: all). */
  kith_status (*read)(kith_scope *scope, const char *entity, int64_t id, const char *path,
                      kith_value *value); /* KITH_ABSENT: there is no such record */
  /* A question, `points > ? order by -points`: `take` gets the values of the columns (fields and
   * paths, also `id`) of each record; anything but KITH_OK ends it. */
  kith_status (*query)(kith_scope *scope, const char *entity, const char *text,
                       const kith_value *parameters, size_t parameter_count,
                       const char *const *columns, size_t column_count,
                       kith_status (*take)(void *data, const kith_value *values), void *data);
  /* Not in reports. */
  kith_status (*add)(kith_scope *scope, const char *entity, const char *const *fields,
                     const kith_value *values, size_t count, int64_t *id);
  kith_status (*update)(kith_scope *scope, const char *entity, int64_t id,
                        const char *const *fields, const kith_value *values, size_t count);
  kith_status (*remove)(kith_scope *scope, const char *entity, int64_t id);

  /* Reports. */
  kith_status (*column)(kith_scope *scope, const char *name, uint32_t kind, int32_t scale);
  kith_status (*row)(kith_scope *scope, const kith_value *values, size_t count);
} kith_module_host;

#define KITH_MODULE_ABI_FIRST 1
#define KITH_MODULE_ABI 1

/* What a module's library exports: adds everything. KITH_E_NEWER for an abi that it does not know
 * (host->abi); the host asks with lower ones then, and has forgotten what was added. */
typedef kith_status (*kith_module_init_function)(const kith_module_host *host,
                                                 kith_registry *registry);
KITH_PLUGIN_EXPORT kith_status kith_module_init(const kith_module_host *host,
                                                kith_registry *registry);

#ifdef __cplusplus
}
#endif
#endif
