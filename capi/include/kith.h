/* SPDX-License-Identifier: Apache-2.0
 *
 * Kith for C and for everything that speaks C: an embeddable CRM engine behind opaque handles.
 *
 *   kith_crm *crm; kith_session *s; kith_record *r; kith_error *err;
 *   if (kith_open(kith_text_of("shop.kith"), NULL, &crm, &err) < 0) …
 *
 * Closed: entities, fields, actions and reports are numbers that the model tells; a new one adds a
 * number, never a function. The rules that hold everywhere (docs/c-api.md):
 *
 * - A kith_status of 0 or more is an outcome, a negative one an error. `err`, always the last
 *   parameter, may be NULL; else it is set to NULL, or to an error that the caller frees. Other
 *   out-parameters stand before it, and are NULL or 0 on every failure.
 * - A handle is owned by who received it and freed by its one function, which accepts NULL. A
 *   parent may be freed first: it lingers until its children are gone.
 * - Texts that come out are views: each says of which handle they are borrowed, and live until that
 *   handle is changed or freed. They are UTF-8; texts that go in are checked.
 * - A struct that begins with struct_size is filled in by its caller with sizeof; the library reads
 *   and writes no more than that. Zeros are the defaults.
 * - Where a handle is const, the call may run at the same time as others on it. Handles may move
 *   between threads.
 */
#ifndef KITH_H
#define KITH_H

#include "kith_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define KITH_VERSION_MAJOR 0
#define KITH_VERSION_MINOR 1
#define KITH_VERSION_PATCH 0
#define KITH_ABI_VERSION 1

/* ------------------------------------------------------------------------------------ handles */

typedef struct kith_config kith_config;             /* how a store is opened */
typedef struct kith_crm kith_crm;                   /* an open store */
typedef struct kith_subscription kith_subscription; /* a callback that is called */
typedef struct kith_model kith_model;               /* entities and fields, never changed */
typedef struct kith_rights kith_rights;             /* what a session sees */
typedef struct kith_session kith_session;           /* somebody at work */
typedef struct kith_transaction kith_transaction;   /* all or nothing */
typedef struct kith_record kith_record;             /* a version of a record, and changes to it */
typedef struct kith_query kith_query;               /* a question */
typedef struct kith_cursor kith_cursor;             /* its records, one by one */
typedef struct kith_table kith_table;               /* rows and columns of values */
typedef struct kith_changes kith_changes;           /* change sets */

struct ArrowArrayStream; /* of the Arrow C stream interface */
struct kith_store_api;   /* of kith_plugin.h */
struct sqlite3;          /* of SQLite */

/* Called once when the library needs user_data no more, also when what it was given to failed. */
typedef void (*kith_destroy_fn)(void *user_data);

/* ------------------------------------------------------------------------------------ library */

/* A text as C writes it. NULL gives the absent text. Any thread. */
static inline kith_text kith_text_of(const char *zero_ended) {
  kith_text text = {zero_ended, 0};
  while (zero_ended && zero_ended[text.size]) ++text.size;
  return text;
}

/* The library's version, such as "0.1.0"; it may be newer than this header. Any thread. */
const char *kith_version(void);

/* KITH_ABI_VERSION of the library: a host runs with a library whose number is not less than the
 * header's. Any thread. */
int32_t kith_abi_version(void);

/* 1 when the library has a feature, else 0: "sqlite", "memory", "guest", "csv", "audit", "actions",
 * "reports", "arrow", "stores" (kith_config_add_store), "modules" (kith_config_load_module). Any
 * thread. */
int32_t kith_has_feature(const char *feature);

/* The name of a status, such as "not_found"; "unknown" for a number that is none. Any thread. */
const char *kith_status_name(kith_status status);

/* ------------------------------------------------------------------------------------- errors */

/* What an error is about; the texts are borrowed from the error. */
typedef struct kith_subject {
  size_t struct_size;
  kith_text entity;     /* its name; absent when the error is about none */
  int64_t record;       /* 0: none */
  kith_text field;      /* absent: none */
  int64_t item;         /* of a batch, the one that ended it, from 0; -1: not about a batch */
  size_t violations;    /* how many kith_error_violation() has */
} kith_subject;

/* One thing that a user can correct; the texts are borrowed from the error. */
typedef struct kith_violation {
  size_t struct_size;
  kith_text entity;
  kith_text field;      /* absent: about the whole record */
  kith_text rule;       /* `required`, `max_length`, or the name of a rule; absent: a text that is no value */
  kith_text value;      /* what was refused, shortened */
  kith_text message;    /* a sentence with the remedy */
} kith_violation;

/* An error of a host's own, to be set by a callback: it reaches the caller unchanged. `status` is
 * one of KITH_E_*; entity and field may be absent, record 0. Never NULL. Any thread. */
kith_error *kith_error_new(kith_status status, kith_text message, kith_text entity, int64_t record, kith_text field);

/* Frees an error; NULL is nothing. One thread at a time. */
void kith_error_free(kith_error *error);

/* Why the call was not done; KITH_OK for NULL. Any thread, also at once. */
kith_status kith_error_code(const kith_error *error);

/* A sentence that names entity, field and value, and what would be right. Borrowed from the error;
 * absent for NULL. Any thread, also at once. */
kith_text kith_error_message(const kith_error *error);

/* What the error is about. Any thread, also at once. */
kith_status kith_error_subject(const kith_error *error, kith_subject *subject);

/* One violation, from 0; KITH_DONE behind the last. Any thread, also at once. */
kith_status kith_error_violation(const kith_error *error, size_t index, kith_violation *violation);

/* ------------------------------------------------------------------------------------- config */

/* Microseconds since 1970-01-01 UTC. Called by any thread, also at once; it calls nothing here. */
typedef int64_t (*kith_clock_fn)(void *user_data);

/* How important a message is. */
enum { KITH_LOG_ERROR = 1, KITH_LOG_WARNING = 2, KITH_LOG_NOTE = 3 };
/* Is told what no caller can be told. Called by any thread, also at once; it calls nothing here. */
typedef void (*kith_log_fn)(void *user_data, int32_t level, kith_text message);

/* Puts the key of the audit chain, 32 to `room` bytes, and answers how many they are; 0 refuses.
 * Called once, inside kith_open, which fails with the error it sets. */
typedef size_t (*kith_key_fn)(void *user_data, uint8_t *key, size_t room, kith_error **err);

/* Defaults for everything. Any thread. */
kith_status kith_config_new(kith_config **config, kith_error **err);

/* Frees a config; stores that were opened with it stay open. NULL is nothing. One thread at a time. */
void kith_config_free(kith_config *config);

/* Sets one thing by its name; KITH_E_NOT_FOUND, with near names, for one that is not there,
 * KITH_E_INVALID for a value that it cannot have. One thread at a time.
 *
 *   read_only                   yes, no
 *   busy_timeout_ms             how long a writer waits for others: 10000
 *   origin_number               0 to 1023: part of every id made here
 *   durability                  full, relaxed: what a power cut may take of a SQLite file
 *   allow_network_file_system   yes, no: SQLite's locks do not hold on most of them
 *   accept_weak_durability      yes, no: kith_open_on_sqlite takes a database as it is
 *   allow_modules               yes, no: kith_config_load_module may run foreign code
 *   random_seed                 a number: ids and keys are the same in every run; for tests only
 *   limits.*                    text_bytes, page_rows …: the names of kith/core/limits.hpp */
kith_status kith_config_set(kith_config *config, kith_text key, kith_text value, kith_error **err);

/* Another clock than the computer's. One thread at a time. */
kith_status kith_config_set_clock(kith_config *config, kith_clock_fn clock, void *user_data, kith_destroy_fn destroy, kith_error **err);

/* Who is told what no caller can be told; without it, nobody is. One thread at a time. That the process has
 * a second SQLite is told when a file is opened. */
kith_status kith_config_set_log(kith_config *config, kith_log_fn log, void *user_data, kith_destroy_fn destroy, kith_error **err);

/* Makes the store keep an audit chain under this key; one that has a chain is only written with its
 * key. One thread at a time. */
kith_status kith_config_set_audit_key(kith_config *config, kith_key_fn key, void *user_data, kith_destroy_fn destroy, kith_error **err);

/* Opens places that begin with `scheme:` by a host's own store; the table lives as long as whatever
 * is opened with it. One thread at a time. */
kith_status kith_config_add_store(kith_config *config, kith_text scheme, const struct kith_store_api *store, kith_error **err);

/* Loads a plug-in with entities, rules, actions and reports from a file. It runs with all rights of
 * the host and is never unloaded. KITH_E_DENIED without `allow_modules`. One thread at a time. */
kith_status kith_config_load_module(kith_config *config, kith_text path, kith_error **err);

/* -------------------------------------------------------------------------------------- stores */

/* What may be done with a store, and what it promises: 0 or 1 unless said otherwise. */
typedef struct kith_capabilities {
  size_t struct_size;
  kith_text name;          /* of the sort of store; borrowed from the crm */
  int32_t durability;      /* 0 gone with the process, 1 what kith_crm_save wrote, 2 each commit */
  int32_t many_processes;
  int32_t parallel_reads;  /* readers keep their instant while somebody writes */
  int32_t read_only_open;
  int32_t host_sql;        /* kith_transaction_sql */
  int32_t save;
  int32_t backup;
  int32_t compact;
  int32_t views;
  int32_t guest;           /* it lives in a host's database and transactions */
  int32_t conditions;      /* what the store does itself, of conditions, paths, orders, groups */
  int32_t paths;
  int32_t orders;
  int32_t aggregates;
} kith_capabilities;

/* What a verification looked at. */
typedef struct kith_verified {
  size_t struct_size;
  uint64_t records;
  uint64_t change_sets;
  uint64_t damages;        /* all that were found; the table has the first thousand */
} kith_verified;

/* A place in the audit chain, to be kept elsewhere. */
typedef struct kith_anchor {
  size_t struct_size;
  int64_t count;           /* the sequence of the newest change set */
  uint8_t head[32];        /* its digest */
} kith_anchor;

/* Opens a store, or makes it: a path of a SQLite file, ":memory:", "memory:<path>" (a snapshot that
 * kith_crm_save writes), "sqlite::memory:", or a scheme of the config. `config` may be NULL. Any
 * thread; the config by one at a time. */
kith_status kith_open(kith_text place, const kith_config *config, kith_crm **crm, kith_error **err);

/* Works inside a database that the host opened, in the host's transactions; the host keeps it open
 * until kith_close and everything opened from it are gone. One thread at a time, the one that uses
 * the database. */
kith_status kith_open_on_sqlite(struct sqlite3 *database, const kith_config *config, kith_crm **crm, kith_error **err);

/* Ends the host's hold of a store: it is closed when the last session, subscription, query and
 * cursor of it is freed. NULL is nothing. One thread at a time. */
void kith_close(kith_crm *crm);

/* Writes a store that keeps its records in memory to its file. Any thread, also at once. */
kith_status kith_crm_save(const kith_crm *crm, kith_error **err);

/* Writes a verified copy of one instant to a new file. KITH_E_EXISTS when there is one. Any thread,
 * also at once. */
kith_status kith_crm_backup(const kith_crm *crm, kith_text path, kith_error **err);

/* Looks at everything. `verified` and `damages` may be NULL; the table has the columns entity, id,
 * what, remedy. KITH_OK also for a damaged store: look at `verified`. Any thread, also at once. */
kith_status kith_crm_verify(const kith_crm *crm, kith_verified *verified, kith_table **damages, kith_error **err);

/* Rewrites the files so that nothing erased is left in them. Any thread, also at once. */
kith_status kith_crm_compact(const kith_crm *crm, kith_error **err);

/* Writes views for reporting tools, one for each entity. Any thread, also at once. */
kith_status kith_crm_write_views(const kith_crm *crm, kith_error **err);

/* As a guest: the host's transaction has committed, subscribers are told now. One thread at a time,
 * the one that uses the host's database. */
kith_status kith_crm_host_committed(const kith_crm *crm, kith_error **err);

/* What became of the transaction with this operation key: KITH_OK it is committed, KITH_ABSENT it
 * is not; never a guess. Any thread, also at once. */
kith_status kith_crm_outcome(const kith_crm *crm, kith_text operation_key, kith_error **err);

/* What the store can do. Any thread, also at once. */
kith_status kith_crm_capabilities(const kith_crm *crm, kith_capabilities *capabilities, kith_error **err);

/* The newest place of the audit chain. Any thread, also at once. */
kith_status kith_crm_anchor(const kith_crm *crm, kith_anchor *anchor, kith_error **err);

/* Follows the audit chain up to an anchor that was kept, or NULL; how many sets it has, and what is
 * wrong with it (the columns of kith_crm_verify). `sets` and `damages` may be NULL. Any thread,
 * also at once. */
kith_status kith_crm_check_audit(const kith_crm *crm, const kith_anchor *kept, uint64_t *sets, kith_table **damages, kith_error **err);

/* The newest model. Any thread, also at once. */
kith_status kith_crm_model(const kith_crm *crm, kith_model **model, kith_error **err);

/* ------------------------------------------------------------------------------- subscriptions */

/* Is told of one commit; `set` holds one change set and is borrowed for the call. It may use other
 * sessions. Called in the committing thread or in one that commits at the same time, one set at a
 * time, in their order. What it answers and sets is only logged. */
typedef kith_status (*kith_commit_fn)(void *user_data, const kith_changes *set, kith_error **err);

/* Calls `told` after each commit that begins from now on. Any thread, also at once. */
kith_status kith_on_commit(const kith_crm *crm, kith_commit_fn told, void *user_data, kith_destroy_fn destroy, kith_subscription **subscription, kith_error **err);

/* Calls `asked` before each commit, in the committing thread: a negative status takes the
 * transaction back, and its error, or one made of the status, reaches the caller. It writes
 * nothing. Any thread, also at once. */
kith_status kith_before_commit(const kith_crm *crm, kith_commit_fn asked, void *user_data, kith_destroy_fn destroy, kith_subscription **subscription, kith_error **err);

/* Ends a subscription, also from inside its callback; a call that has begun elsewhere still ends.
 * NULL is nothing. One thread at a time. */
void kith_subscription_free(kith_subscription *subscription);

/* ------------------------------------------------------------------------------------- models */

/* How much a model has. */
typedef struct kith_model_counts {
  size_t struct_size;
  size_t entities;
  size_t actions;
  size_t reports;
  int64_t version;      /* the sequence of its last change at run time */
} kith_model_counts;

/* An entity. Its texts, like those of all structs of this part, are borrowed from the model. */
typedef struct kith_entity_info {
  size_t struct_size;
  uint16_t number;
  uint16_t reserved;
  int32_t custom;       /* described at run time */
  int32_t append_only;  /* records are added, never changed or deleted */
  int32_t internal;     /* kept by the engine itself */
  size_t fields;        /* for kith_model_field_at; retired ones included */
  size_t relations;     /* for kith_model_relation_at */
  kith_text name;       /* `deal` */
  kith_text plural;     /* `deals` */
  kith_text module;     /* `sales` */
  kith_text title;      /* the field that names a record to people */
  kith_text ru;
  kith_text ru_plural;
  kith_text doc;
} kith_entity_info;

/* What a field says about itself: bits of kith_field_info.flags. */
enum {
  KITH_FIELD_REQUIRED = 1,
  KITH_FIELD_UNIQUE = 2,
  KITH_FIELD_INDEXED = 4,
  KITH_FIELD_SEARCHABLE = 8,
  KITH_FIELD_PERSONAL = 16,
  KITH_FIELD_FLAT = 32,         /* its parts are names of the entity */
  KITH_FIELD_NATURAL_KEY = 64,
  KITH_FIELD_SET_ONCE = 128,
  KITH_FIELD_ACYCLIC = 256,
  KITH_FIELD_FOLDED = 512,      /* compared without case */
  KITH_FIELD_CUSTOM = 1024,
  KITH_FIELD_RETIRED = 2048,
  KITH_FIELD_COMPUTED = 4096,   /* nobody sets it */
  KITH_FIELD_ON_READ = 8192,    /* computed when it is asked for: kith_compute */
  KITH_FIELD_HAS_LEAST = 16384,
  KITH_FIELD_HAS_MOST = 32768
};

/* What becomes of a reference when the record that it names is deleted. */
enum { KITH_DELETE_RESTRICT = 0, KITH_DELETE_CLEAR = 1, KITH_DELETE_CASCADE = 2, KITH_DELETE_KEEP = 3 };

/* A field of an entity, or an argument of an action or report. */
typedef struct kith_field_info {
  size_t struct_size;
  kith_field field;
  uint16_t kind;        /* KITH_KIND_… */
  uint16_t target;      /* of a ref: the entity's number */
  uint32_t flags;
  uint32_t max_length;  /* in characters; 0: that of all texts */
  int32_t scale;        /* of a decimal; of money: -1 as many digits as the currency has */
  int32_t on_delete;
  int64_t least;
  int64_t most;
  size_t choices;       /* for kith_model_choice_at */
  size_t parts;         /* fields with a number of part: kith_model_part_at; 0 for most kinds */
  kith_text name;
  kith_text kind_name;
  kith_text computed;   /* its expression; absent: it is not */
  kith_text label;      /* absent: made of the name */
  kith_text ru;
  kith_text doc;
} kith_field_info;

/* One of a closed set of values. */
typedef struct kith_choice_info {
  size_t struct_size;
  int64_t number;
  kith_text name;
  kith_text ru;
} kith_choice_info;

/* A part of a field: the city of an address. */
typedef struct kith_part_info {
  size_t struct_size;
  kith_field field;     /* the part's own key */
  uint32_t type;        /* of its cell: KITH_TEXT or KITH_INTEGER */
  kith_text name;       /* absent: the main part */
} kith_part_info;

/* Records that refer to an entity's. */
typedef struct kith_relation_info {
  size_t struct_size;
  uint16_t child;       /* the entity of the records */
  uint16_t reserved;
  kith_field by;        /* their field */
  int32_t owned;        /* they live and die with the record */
  kith_text name;
  kith_text ru;
  kith_text doc;
} kith_relation_info;

/* An action or a report. */
typedef struct kith_verb_info {
  size_t struct_size;
  uint16_t number;      /* of its arguments: fields and records of it are made like an entity's */
  uint16_t entity;      /* of an action: what it is done to */
  int32_t subject;      /* of an action: 1 it is done to one record */
  size_t arguments;     /* for kith_model_field_at */
  kith_text name;
  kith_text ru;
  kith_text doc;
} kith_verb_info;

/* Frees a model; NULL is nothing. One thread at a time. */
void kith_model_free(kith_model *model);

/* How much the model has. Any thread, also at once. */
kith_status kith_model_info(const kith_model *model, kith_model_counts *counts, kith_error **err);

/* The number of an entity by its singular or plural name. Any thread, also at once. */
kith_status kith_model_entity(const kith_model *model, kith_text name, uint16_t *number, kith_error **err);

/* A field, a flat part (`city`) or a dotted one (`address.city`) by its name. `entity` is the number
 * of an entity, an action or a report. Any thread, also at once. */
kith_status kith_model_field(const kith_model *model, uint16_t entity, kith_text name, kith_field *field, kith_error **err);

/* The number of an action of an entity by its name. Any thread, also at once. */
kith_status kith_model_action(const kith_model *model, uint16_t entity, kith_text name, uint16_t *number, kith_error **err);

/* The number of a report by its name. Any thread, also at once. */
kith_status kith_model_report(const kith_model *model, kith_text name, uint16_t *number, kith_error **err);

/* The entities in the order of their numbers, from 0; KITH_DONE behind the last. Any thread, also
 * at once. */
kith_status kith_model_entity_at(const kith_model *model, size_t index, kith_entity_info *info, kith_error **err);

/* The fields of an entity, an action or a report in their order, from 0; KITH_DONE behind the last.
 * Any thread, also at once. */
kith_status kith_model_field_at(const kith_model *model, uint16_t entity, size_t index, kith_field_info *info, kith_error **err);

/* The choices of a field, from 0; KITH_DONE behind the last. Any thread, also at once. */
kith_status kith_model_choice_at(const kith_model *model, kith_field field, size_t index, kith_choice_info *info, kith_error **err);

/* The parts of a field that have keys of their own, from 0; KITH_DONE behind the last. Any thread,
 * also at once. */
kith_status kith_model_part_at(const kith_model *model, kith_field field, size_t index, kith_part_info *info, kith_error **err);

/* The relations of an entity, from 0; KITH_DONE behind the last. Any thread, also at once. */
kith_status kith_model_relation_at(const kith_model *model, uint16_t entity, size_t index, kith_relation_info *info, kith_error **err);

/* The actions of all entities, from 0; KITH_DONE behind the last. Any thread, also at once. */
kith_status kith_model_action_at(const kith_model *model, size_t index, kith_verb_info *info, kith_error **err);

/* The reports, from 0; KITH_DONE behind the last. Any thread, also at once. */
kith_status kith_model_report_at(const kith_model *model, size_t index, kith_verb_info *info, kith_error **err);

/* -------------------------------------------------------------------------------------- rights */

/* One line of rights. */
enum {
  KITH_RIGHT_ONLY = 1,      /* records are seen when they meet the condition; all such lines hold */
  KITH_RIGHT_PERMIT = 2,    /* … when they meet one of these */
  KITH_RIGHT_HIDE = 3,      /* no record of the entity */
  KITH_RIGHT_SHOW = 4,      /* all, where the others are hidden */
  KITH_RIGHT_READ_ONLY = 5, /* read and not written */
  KITH_RIGHT_MASK = 6       /* a field that reads as null */
};

/* No lines yet: everything is seen, or, with others_hidden 1, only what the lines show. Any
 * thread. */
kith_status kith_rights_new(int32_t others_hidden, kith_rights **rights, kith_error **err);

/* Adds a line. `what` is a condition in the query language (only, permit), the name of a field
 * (mask), or absent; `values` stand for its `?`. Names and conditions are checked when a session is
 * opened. One thread at a time. */
kith_status kith_rights_add(kith_rights *rights, int32_t right, kith_text entity, kith_text what, const kith_value *values, size_t value_count, kith_error **err);

/* Frees rights; sessions keep theirs. NULL is nothing. One thread at a time. */
void kith_rights_free(kith_rights *rights);

/* ------------------------------------------------------------------------------------ sessions */

/* Who works, and where. */
typedef struct kith_session_options {
  size_t struct_size;
  kith_text actor;           /* shown in the history */
  int64_t actor_id;          /* the actor's user record, for rules */
  kith_text zone;            /* IANA, such as "Asia/Omsk": where "today" is; absent: UTC */
  const kith_rights *rights; /* NULL: everything is seen */
} kith_session_options;

/* A field that is described at run time. */
typedef struct kith_field_definition {
  size_t struct_size;
  kith_text name;              /* with a prefix of its own: `x_loyalty_card` */
  uint16_t kind;               /* KITH_KIND_… */
  uint16_t reserved;
  uint32_t flags;              /* required, unique, indexed, searchable, personal, folded, has_… */
  int32_t scale;
  int32_t on_delete;
  uint32_t max_length;
  int64_t least;
  int64_t most;
  const kith_text *choices;    /* two for each: name, Russian label */
  size_t choice_count;
  kith_text target;            /* of a ref: the entity's name */
  kith_text label;
  kith_text ru;
  kith_text doc;
} kith_field_definition;

/* An entity that is described at run time. */
typedef struct kith_entity_definition {
  size_t struct_size;
  kith_text name;              /* with a prefix of its own: `x_vehicle` */
  kith_text plural;
  kith_text title;             /* the field that names a record to people */
  kith_text ru;
  kith_text ru_plural;
  kith_text doc;
  const kith_field_definition *fields;
  size_t field_count;
} kith_entity_definition;

/* A live total: an aggregation that is kept up to date. */
typedef struct kith_total_definition {
  size_t struct_size;
  kith_text name;
  kith_text entity;            /* by name */
  kith_text where;             /* absent: all live records */
  kith_text by;                /* fields, separated by commas; absent: one group */
  kith_text measures;          /* `count() as n, sum(amount) as amount` */
} kith_total_definition;

/* Begins to work. `options` may be NULL. Any thread, also at once. */
kith_status kith_session_open(const kith_crm *crm, const kith_session_options *options, kith_session **session, kith_error **err);

/* Ends a session; what is open of it lingers. NULL is nothing. One thread at a time. */
void kith_session_free(kith_session *session);

/* Makes a running call of the session stop with KITH_E_INTERRUPTED. Any thread, while another uses
 * the session: the only such call. */
kith_status kith_session_interrupt(const kith_session *session, kith_error **err);

/* The model in force in the session: its own transaction's included. One thread at a time. */
kith_status kith_session_model(kith_session *session, kith_model **model, kith_error **err);

/* The sequence of the newest commit. One thread at a time. */
kith_status kith_session_sequence(kith_session *session, int64_t *sequence, kith_error **err);

/* The newest sequence that is not later than an instant (microseconds since 1970 UTC); 0 before the
 * first. One thread at a time. */
kith_status kith_session_sequence_at(kith_session *session, int64_t instant, int64_t *sequence, kith_error **err);

/* What the session takes for now, in microseconds since 1970 UTC, and for today, in days since 1970
 * in its zone; both may be NULL. One thread at a time. */
kith_status kith_session_now(kith_session *session, int64_t *instant, int32_t *day, kith_error **err);

/* A session that reads the store as it was at an instant; it writes nothing. Free it soon. One
 * thread at a time. */
kith_status kith_session_as_of(kith_session *session, int64_t instant, kith_session **past, kith_error **err);

/* The same right after a sequence. One thread at a time. */
kith_status kith_session_at_sequence(kith_session *session, int64_t sequence, kith_session **past, kith_error **err);

/* Adds a field to an entity. One thread at a time. */
kith_status kith_session_add_field(kith_session *session, uint16_t entity, const kith_field_definition *definition, kith_field *field, kith_error **err);

/* Adds an entity. One thread at a time. */
kith_status kith_session_add_entity(kith_session *session, const kith_entity_definition *definition, uint16_t *number, kith_error **err);

/* Hides a field; old records keep it. One thread at a time. */
kith_status kith_session_retire_field(kith_session *session, kith_field field, kith_error **err);

/* A live total: a row for each group, or for that of `group` (a value for each field that it is
 * grouped by; NULL: all). One thread at a time. */
kith_status kith_total_read(kith_session *session, kith_text name, const kith_value *group, size_t group_count, kith_table **table, kith_error **err);

/* Defines a total and counts what there is. One thread at a time. */
kith_status kith_total_add(kith_session *session, const kith_total_definition *definition, kith_error **err);

/* Removes a total that was added at run time. One thread at a time. */
kith_status kith_total_remove(kith_session *session, kith_text name, kith_error **err);

/* Counts a total again. One thread at a time. */
kith_status kith_total_rebuild(kith_session *session, kith_text name, kith_error **err);

/* -------------------------------------------------------------------------------- transactions */

/* What a transaction is for. */
enum { KITH_WRITE = 0, KITH_READ = 1 };
/* Who or what causes it; 0 is the user. */
enum {
  KITH_ORIGIN_USER = 1,
  KITH_ORIGIN_IMPORT = 2,
  KITH_ORIGIN_PLUGIN = 3,
  KITH_ORIGIN_RULE = 4,
  KITH_ORIGIN_UNDO = 5,
  KITH_ORIGIN_SYNC = 6
};

/* About a transaction. */
typedef struct kith_transaction_options {
  size_t struct_size;
  int32_t mode;            /* KITH_WRITE, KITH_READ */
  int32_t origin;          /* KITH_ORIGIN_… */
  kith_text reason;        /* kept in the change set */
  kith_text operation_key; /* names the work: done once; absent: a random one */
  int64_t batch;           /* the import it belongs to; 0: none */
} kith_transaction_options;

/* How a transaction stands; the text is borrowed from the transaction. */
typedef struct kith_transaction_state {
  size_t struct_size;
  int32_t open;
  int32_t already_done;    /* the work with this operation key was committed before */
  int64_t sequence;        /* its changes will have this one, or had it */
  kith_text operation_key;
} kith_transaction_state;

/* Begins a transaction, or inside another one a savepoint. `options` may be NULL: to write. One
 * thread at a time. */
kith_status kith_begin(kith_session *session, const kith_transaction_options *options, kith_transaction **transaction, kith_error **err);

/* Makes it last: KITH_OK; KITH_UNCHANGED when the work was done before; KITH_E_OUTCOME_UNKNOWN when
 * only kith_crm_outcome can tell, after opening the store again; any other error: nothing was
 * stored. One thread at a time. */
kith_status kith_transaction_commit(kith_transaction *transaction, kith_error **err);

/* Takes everything back. One thread at a time. */
kith_status kith_transaction_rollback(kith_transaction *transaction, kith_error **err);

/* How it stands. One thread at a time. */
kith_status kith_transaction_info(kith_transaction *transaction, kith_transaction_state *state, kith_error **err);

/* Runs the host's own statement on tables that are not Kith's, inside the transaction. `values`
 * stand for its `?`; `rows` may be NULL. One thread at a time. */
kith_status kith_transaction_sql(kith_transaction *transaction, kith_text statement, const kith_value *values, size_t value_count, kith_table **rows, kith_error **err);

/* Frees a transaction; one that is open is taken back. NULL is nothing. One thread at a time. */
void kith_transaction_free(kith_transaction *transaction);

/* ------------------------------------------------------------------------------------- records */

/* What a record is. */
typedef struct kith_record_state {
  size_t struct_size;
  uint16_t entity;
  uint16_t reserved;
  int32_t changed;      /* it has changes that were not put */
  int64_t id;           /* 0: it was not added yet */
  int64_t revision;     /* the sequence of the commit that made this version */
  int64_t created;      /* of the commit that added it */
  int64_t deleted;      /* of the commit that deleted it; 0: live */
  int64_t merged_into;  /* the survivor; 0: none */
} kith_record_state;

/* Changes to be put: of a new record (id 0), or of one that is there, whatever it is now. `entity`
 * is the number of an entity, or of an action or report, whose arguments it then holds. One thread
 * at a time. */
kith_status kith_record_new(kith_session *session, uint16_t entity, int64_t id, kith_record **record, kith_error **err);

/* The same version with the same changes, free of everything it came from. Any thread, also at
 * once. */
kith_status kith_record_copy(const kith_record *record, kith_record **copy, kith_error **err);

/* Frees a record; NULL, and one that is borrowed from a cursor, are nothing. One thread at a time. */
void kith_record_free(kith_record *record);

/* Takes the changes back; of a new record, everything. One thread at a time. */
kith_status kith_record_clear(kith_record *record, kith_error **err);

/* Changes a field or a part of it; kind KITH_KIND_NONE makes it null. The bytes are copied. One
 * thread at a time. */
kith_status kith_record_set(kith_record *record, kith_field field, const kith_value *value, kith_error **err);

/* The same by the name of a field or part. One thread at a time. */
kith_status kith_record_set_by_name(kith_record *record, kith_text field, const kith_value *value, kith_error **err);

/* The value of a field or part, changes included; its text is borrowed from the record. Any thread,
 * also at once. */
kith_status kith_record_get(const kith_record *record, kith_field field, kith_value *value, kith_error **err);

/* The same by the name of a field or part. Any thread, also at once. */
kith_status kith_record_get_by_name(const kith_record *record, kith_text field, kith_value *value, kith_error **err);

/* What it is. Any thread, also at once. */
kith_status kith_record_info(const kith_record *record, kith_record_state *state, kith_error **err);

/* ---------------------------------------------------------------------------- reading, writing */

/* How a batch treats what is refused. */
enum { KITH_ALL_OR_NOTHING = 0, KITH_PER_ITEM = 1 };

/* What became of one record of a batch. */
typedef struct kith_item {
  kith_status status;
  int32_t reserved;
  int64_t id;            /* 0: refused */
  kith_error *error;     /* why; the caller frees it */
} kith_item;

/* A record, deleted or not; of a merged one, the survivor. KITH_ABSENT when there is none. One
 * thread at a time. */
kith_status kith_get(kith_session *session, uint16_t entity, int64_t id, kith_record **record, kith_error **err);

/* The live record with this value of a field, best a unique or indexed one; of an entity's number
 * << 16, with this natural key (a text). KITH_ABSENT when there is none, KITH_E_INVALID when there
 * are several. One thread at a time. */
kith_status kith_find(kith_session *session, kith_field field, const kith_value *value, kith_record **record, kith_error **err);

/* Adds a new record, or puts changes of one that was read: fields that others changed meanwhile are
 * kept, unless they are the same, KITH_E_CONFLICT. The record becomes the new version.
 * KITH_UNCHANGED when there was nothing to do. One thread at a time. */
kith_status kith_put(kith_session *session, kith_record *record, kith_error **err);

/* Puts many records in one transaction; `items` has room for as many, or is NULL. With
 * KITH_ALL_OR_NOTHING the error names the item; with KITH_PER_ITEM those that are invalid or taken
 * are left out, and KITH_OK is the answer. One thread at a time. */
kith_status kith_put_many(kith_session *session, kith_record *const *records, size_t count, int32_t mode, kith_item *items, kith_error **err);

/* Deletes a record; kith_restore takes it back. One thread at a time. */
kith_status kith_delete(kith_session *session, uint16_t entity, int64_t id, kith_error **err);

/* Takes a deletion back. `record` may be NULL. One thread at a time. */
kith_status kith_restore(kith_session *session, uint16_t entity, int64_t id, kith_record **record, kith_error **err);

/* What kith_put would refuse: KITH_OK nothing, KITH_E_INVALID with all violations. Writes nothing.
 * One thread at a time. */
kith_status kith_check(kith_session *session, const kith_record *record, kith_error **err);

/* Any expression of the query language about a record, as the store is now: fields that are
 * computed on read, paths, sums over relations. A table of one value. One thread at a time. */
kith_status kith_compute(kith_session *session, const kith_record *record, kith_text expression, kith_table **table, kith_error **err);

/* About an action's call. */
typedef struct kith_call_options {
  size_t struct_size;
  kith_text reason;        /* kept in the change set */
  kith_text operation_key; /* names the work: done once */
  int64_t batch;           /* the import it belongs to; 0: none */
} kith_call_options;

/* Does an action to a record, in a transaction of its own or inside the open one. `subject` is 0 for
 * actions on an entity as a whole; `arguments` (kith_record_new with the action's number), `options`
 * and `record` (the record afterwards, or what the action answers, else NULL) may be NULL. One
 * thread at a time. */
kith_status kith_call(kith_session *session, uint16_t action, int64_t subject, const kith_record *arguments, const kith_call_options *options, kith_record **record, kith_error **err);

/* The answer of a report. `arguments` (kith_record_new with the report's number) may be NULL. One
 * thread at a time. */
kith_status kith_report(kith_session *session, uint16_t report, const kith_record *arguments, kith_table **table, kith_error **err);

/* ------------------------------------------------------------------------------------- queries */

/* Which records are asked for. */
enum { KITH_LIVE = 0, KITH_DELETED = 1, KITH_ALL = 2 };

/* What the text of a query does not say. */
typedef struct kith_query_options {
  size_t struct_size;
  uint64_t limit;        /* 0: what the text says, else all */
  int32_t lifecycle;     /* KITH_LIVE … */
  int32_t same_instant;  /* 1: KITH_E_STALE unless the page before is still the newest instant */
  kith_text after;       /* kith_cursor_mark of the page before; absent: from the beginning */
} kith_query_options;

/* A name and what it stands for: `total`, `sum(amount)`. */
typedef struct kith_named {
  kith_text name;
  kith_text expression;
} kith_named;

/* A key of an order. */
typedef struct kith_order {
  kith_text name;
  int64_t descending;    /* 0 or 1 */
} kith_order;

/* What is computed over the records of a query, by groups. */
typedef struct kith_aggregation {
  size_t struct_size;
  const kith_named *groups;
  size_t group_count;
  const kith_named *measures;
  size_t measure_count;
  kith_text having;      /* over the names of groups and measures */
  const kith_order *order;
  size_t order_count;
} kith_aggregation;

/* Reads a question about an entity: `amount > ? order by closes desc limit 50`. One thread at a
 * time. */
kith_status kith_query_parse(kith_session *session, uint16_t entity, kith_text text, kith_query **query, kith_error **err);

/* Gives the value of a `?`, from 0. One thread at a time. */
kith_status kith_query_bind(kith_query *query, size_t place, const kith_value *value, kith_error **err);

/* Gives the value of a `:name`. One thread at a time. */
kith_status kith_query_bind_by_name(kith_query *query, kith_text name, const kith_value *value, kith_error **err);

/* Says what the text does not. One thread at a time. */
kith_status kith_query_set(kith_query *query, const kith_query_options *options, kith_error **err);

/* All records, read while the cursor is. One thread at a time. */
kith_status kith_query_run(kith_query *query, kith_cursor **cursor, kith_error **err);

/* At most `rows` records, read at once, and where the next page begins. One thread at a time. */
kith_status kith_query_page(kith_query *query, uint64_t rows, kith_cursor **cursor, kith_error **err);

/* How many records there are; limit and after do not count. One thread at a time. */
kith_status kith_query_count(kith_query *query, uint64_t *count, kith_error **err);

/* KITH_OK when there is a record, KITH_ABSENT when there is none. One thread at a time. */
kith_status kith_query_exists(kith_query *query, kith_error **err);

/* Groups and measures. One thread at a time. */
kith_status kith_query_aggregate(kith_query *query, const kith_aggregation *what, kith_table **table, kith_error **err);

/* A column for each expression, a row for each record. One thread at a time. */
kith_status kith_query_select(kith_query *query, const kith_named *columns, size_t column_count, kith_table **table, kith_error **err);

/* Deletes all records found, in one transaction; `count` may be NULL. One thread at a time. */
kith_status kith_query_delete(kith_query *query, uint64_t *count, kith_error **err);

/* The records as a stream of record batches, read while it is consumed; it keeps the session until
 * it is released. `columns` NULL: the id and all values; `batch_rows` 0: 8192. `stream` is that of
 * the Arrow C stream interface, and is marked as released on failure. One thread at a time. */
kith_status kith_query_arrow(kith_query *query, const kith_text *columns, size_t column_count, size_t batch_rows, struct ArrowArrayStream *stream, kith_error **err);

/* Frees a question; NULL is nothing. One thread at a time. */
void kith_query_free(kith_query *query);

/* The next record: KITH_ROW, borrowed from the cursor until it is moved or freed; KITH_DONE behind
 * the last. One thread at a time. */
kith_status kith_cursor_next(kith_cursor *cursor, const kith_record **record, kith_error **err);

/* Where the page ended, for kith_query_options.after: bytes, which may travel, borrowed from the
 * cursor. KITH_DONE when it was the last page. One thread at a time. */
kith_status kith_cursor_mark(kith_cursor *cursor, kith_text *mark, kith_error **err);

/* Frees a cursor; NULL is nothing. One thread at a time. */
void kith_cursor_free(kith_cursor *cursor);

/* -------------------------------------------------------------------------------------- tables */

/* A column; the texts are borrowed from the table. */
typedef struct kith_column_info {
  size_t struct_size;
  uint16_t kind;         /* KITH_KIND_…; a value of the column may be of another one */
  uint16_t reserved;
  int32_t scale;
  kith_text name;
} kith_column_info;

/* How many rows and columns; both may be NULL. Any thread, also at once. */
kith_status kith_table_shape(const kith_table *table, size_t *rows, size_t *columns, kith_error **err);

/* A column, from 0; KITH_DONE behind the last. Any thread, also at once. */
kith_status kith_table_column(const kith_table *table, size_t column, kith_column_info *info, kith_error **err);

/* The number of the column of this name. Any thread, also at once. */
kith_status kith_table_find(const kith_table *table, kith_text name, size_t *column, kith_error **err);

/* A value. `part` counts the currencies of a sum of money, from 0; KITH_DONE behind the last. Its
 * text is borrowed from the table. Any thread, also at once. */
kith_status kith_table_get(const kith_table *table, size_t row, size_t column, size_t part, kith_value *value, kith_error **err);

/* The whole as aligned text for people, borrowed from the table. Any thread, also at once. */
kith_status kith_table_text(const kith_table *table, kith_text *text, kith_error **err);

/* Of a report: its chart as a Vega-Lite specification with the rows as its data, borrowed from the
 * table. KITH_E_UNSUPPORTED for tables that describe none. Any thread, also at once. */
kith_status kith_table_chart(const kith_table *table, kith_text *chart, kith_error **err);

/* The table as a stream of record batches. Any thread, also at once. */
kith_status kith_table_arrow(const kith_table *table, struct ArrowArrayStream *stream, kith_error **err);

/* Frees a table; NULL is nothing. One thread at a time. */
void kith_table_free(kith_table *table);

/* ----------------------------------------------------------------------------- import, export */

/* Puts the next bytes of a file and answers how many; 0 at the end, or with an error set. Called in
 * the importing thread; it does not use the session. */
typedef size_t (*kith_read_fn)(void *user_data, char *to, size_t room, kith_error **err);
/* Takes bytes; a negative status, or an error set, ends the export. Called in the exporting thread;
 * it does not use the session. */
typedef kith_status (*kith_write_fn)(void *user_data, kith_text bytes, kith_error **err);
/* Is told how far it is; not 0 goes on, 0 cancels. Called in the calling thread; it does not use the
 * session. */
typedef int32_t (*kith_progress_fn)(void *user_data, uint64_t rows);

/* Where a column of a file goes (the language of `to`: docs/c-api.md). */
typedef struct kith_import_column {
  size_t struct_size;
  kith_text column;            /* its header, or its number from 1 */
  kith_text to;                /* empty: nowhere */
  const kith_named *translate; /* other texts for some texts */
  size_t translate_count;
  kith_text times;             /* numbers are multiplied by it; absent: they are not */
  kith_text currency;          /* of amounts that name none */
  int32_t create_missing;      /* a reference that names nobody adds a record */
  int32_t reserved;
} kith_import_column;

/* What happens to rows whose record is there, or is not. */
enum { KITH_UPSERT = 0, KITH_INSERT_ONLY = 1, KITH_UPDATE_ONLY = 2 };

/* How a file is read. */
typedef struct kith_import_options {
  size_t struct_size;
  uint16_t entity;
  uint16_t reserved;
  int32_t mode;                /* KITH_UPSERT … */
  const kith_import_column *columns;
  size_t column_count;
  const kith_named *constants; /* where to, text: for every row */
  size_t constant_count;
  const kith_text *match;      /* how a row finds its record: fields, "@source" */
  size_t match_count;
  int32_t only_mapped;         /* columns that are not named are left out, not found by name */
  int32_t empty_clears;        /* an empty cell makes the value null */
  int32_t dry_run;             /* everything is checked, nothing is kept */
  int32_t no_header;           /* the first row is data */
  uint64_t chunk_rows;         /* rows of one transaction; 0: 5000 */
  uint64_t most_errors;        /* that are kept; 0: 10000 */
  kith_text reason;            /* absent: the file's name */
  kith_text zone;              /* of times that name none */
  kith_text currency;          /* of amounts that name none */
  kith_text delimiter;         /* one character; absent: found out, like the next ones */
  kith_text encoding;          /* utf-8, utf-16le, utf-16be, windows-1251 */
  kith_text decimal_point;     /* one character */
  kith_text dates;             /* ymd, dmy, mdy */
  kith_text rejected_file;     /* is made of the rows that are refused */
  kith_text path;              /* of the file; absent: `read` gives its bytes */
  kith_read_fn read;
  kith_progress_fn progress;   /* after each chunk */
  void *user_data;             /* of read and progress */
} kith_import_options;

/* What an import did. */
typedef struct kith_imported {
  size_t struct_size;
  uint64_t rows;
  uint64_t inserted;
  uint64_t updated;
  uint64_t unchanged;
  uint64_t failed;
  int64_t batch;               /* the import_batch; 0 after a dry run */
  int32_t cancelled;
  int32_t cut_short;           /* the rest cannot be read: the last error says why */
} kith_imported;

/* How a file is written. */
typedef struct kith_export_options {
  size_t struct_size;
  const kith_text *columns;    /* names, paths, parts; NULL: all values */
  size_t column_count;
  kith_text delimiter;         /* one character; absent: a comma */
  int32_t byte_order_mark;
  int32_t labels;              /* Russian labels in the header */
  int32_t by_id;               /* records and references by their ids */
  int32_t reserved;
  kith_text path;              /* of the file; absent: `write` takes its bytes */
  kith_write_fn write;
  kith_progress_fn progress;
  void *user_data;             /* of write and progress */
} kith_export_options;

/* Reads a file of separated values into an entity. `imported` and `errors` (row, line, column, field,
 * value, message) may be NULL. What is wrong with rows is in `errors`, and KITH_OK is the answer.
 * One thread at a time. */
kith_status kith_import(kith_session *session, const kith_import_options *options, kith_imported *imported, kith_table **errors, kith_error **err);

/* The same from record batches; takes the stream over and releases it, also on failure. One thread
 * at a time. */
kith_status kith_put_arrow(kith_session *session, struct ArrowArrayStream *stream, const kith_import_options *options, kith_imported *imported, kith_table **errors, kith_error **err);

/* Writes the records of a query as separated values; `rows` may be NULL. One thread at a time. */
kith_status kith_export(kith_query *query, const kith_export_options *options, uint64_t *rows, kith_error **err);

/* ---------------------------------------------------------------------------------------- feed */

/* What happened to a record. */
enum {
  KITH_CHANGE_ADD = 1,
  KITH_CHANGE_UPDATE = 2,
  KITH_CHANGE_DELETE = 3,
  KITH_CHANGE_RESTORE = 4,
  KITH_CHANGE_ERASE = 5,
  KITH_CHANGE_MERGE = 6
};

/* Who committed, when and why; the texts are borrowed from the changes. */
typedef struct kith_change_head {
  size_t struct_size;
  int64_t sequence;
  int64_t at;              /* microseconds since 1970-01-01 UTC */
  int32_t origin;          /* KITH_ORIGIN_… */
  int32_t reserved;
  int64_t batch;           /* the import it belongs to; 0: none */
  int64_t undoes;          /* the sequence it takes back; 0: none */
  size_t records;          /* for kith_changes_record */
  kith_text actor;
  kith_text reason;
  kith_text operation_key; /* bytes */
} kith_change_head;

/* What one commit did to one record. */
typedef struct kith_change {
  size_t struct_size;
  int32_t what;            /* KITH_CHANGE_… */
  uint16_t entity;
  uint16_t reserved;
  int64_t id;
  int64_t previous;        /* the sequence of the record's change before this; 0: none */
  size_t cells;            /* for kith_changes_cell */
} kith_change;

/* The change sets after a sequence, in order, at most `most` (0: 1000); those of one origin left out
 * (0: none). KITH_E_NOT_FOUND when some were trimmed. One thread at a time. */
kith_status kith_changes_since(kith_session *session, int64_t since, size_t most, int32_t except_origin, kith_changes **changes, kith_error **err);

/* One change set, from 0; KITH_DONE behind the last. Any thread, also at once. */
kith_status kith_changes_set(const kith_changes *changes, size_t set, kith_change_head *head, kith_error **err);

/* One record of a change set, from 0; KITH_DONE behind the last. Any thread, also at once. */
kith_status kith_changes_record(const kith_changes *changes, size_t set, size_t record, kith_change *change, kith_error **err);

/* One cell as it was before the change, from 0, with the key of its part; KITH_DONE behind the last.
 * Its bytes are borrowed from the changes. Any thread, also at once. */
kith_status kith_changes_cell(const kith_changes *changes, size_t set, size_t record, size_t index, kith_field *part, kith_cell *before, kith_error **err);

/* Frees change sets; NULL, and those that are borrowed by a callback, are nothing. One thread at a
 * time. */
void kith_changes_free(kith_changes *changes);

/* How far a named reader of the feed has come; 0 for one that nobody knows. One thread at a time. */
kith_status kith_feed_position(kith_session *session, kith_text consumer, int64_t *sequence, kith_error **err);

/* Notes that a named reader has worked off everything up to a sequence. One thread at a time. */
kith_status kith_feed_consume(kith_session *session, kith_text consumer, int64_t sequence, kith_error **err);

/* Removes the change sets before an instant that no named reader needs; `removed` may be NULL. One
 * thread at a time. */
kith_status kith_feed_trim(kith_session *session, int64_t before, uint64_t *removed, kith_error **err);

/* What happened to a record, newest first: a row for each field that changed, with sequence, at,
 * actor, origin, reason, what, field, before, after; one without a field where none did. `most`
 * changes (0: 1000). One thread at a time. */
kith_status kith_history(kith_session *session, uint16_t entity, int64_t id, size_t most, kith_table **table, kith_error **err);

/* The records that differ between two sequences: a row for each field, with entity, id, what, field,
 * before, after. One thread at a time. */
kith_status kith_difference(kith_session *session, int64_t from, int64_t to, kith_table **table, kith_error **err);

/* What an undo does where later work stands in its way. */
enum { KITH_UNDO_ALL = 0, KITH_UNDO_SKIP = 1 };

/* What an undo did. */
typedef struct kith_undone {
  size_t struct_size;
  int64_t sequence;        /* of the change set that takes back; 0: there was nothing to do */
  uint64_t records;        /* whose changes were taken back */
} kith_undone;

/* Takes a change set back. KITH_E_CONFLICT lists what is contested; with KITH_UNDO_SKIP the rest is
 * taken back, and `contested` (entity, id, field, why) lists it. `undone` and `contested` may be
 * NULL. KITH_UNCHANGED when there was nothing to do. One thread at a time. */
kith_status kith_undo(kith_session *session, int64_t sequence, int32_t mode, kith_undone *undone, kith_table **contested, kith_error **err);

/* The same for all change sets of an import. One thread at a time. */
kith_status kith_undo_batch(kith_session *session, int64_t batch, int32_t mode, kith_undone *undone, kith_table **contested, kith_error **err);

/* ------------------------------------------------------------------------------------- erasure */

/* A person whose values were erased, kept outside of the store. */
typedef struct kith_erased {
  uint16_t entity;
  uint16_t reserved;
  uint32_t reserved_too;
  int64_t subject;
  kith_text reason;
  kith_text legal_basis;
} kith_erased;

/* How long records of an entity are kept. */
typedef struct kith_retention {
  size_t struct_size;
  uint16_t entity;
  uint16_t reserved;
  kith_text condition;     /* `created < today() - 1095d`: what meets it is due */
  kith_text reason;
  kith_text legal_basis;
} kith_retention;

/* Takes one file of an access export; a negative status, or an error set, ends it. The texts are
 * borrowed for the call. Called in the calling thread; it does not use the session. */
typedef kith_status (*kith_file_fn)(void *user_data, kith_text name, kith_text entity, int32_t only_named, uint64_t records, kith_text csv, kith_error **err);

/* Removes a person's values for ever; files keep the old bytes until kith_crm_compact. `proof` may be
 * NULL: a row for each entity, with the columns of kith_erasures. One thread at a time. */
kith_status kith_erase(kith_session *session, uint16_t entity, int64_t subject, kith_text reason, kith_text legal_basis, kith_table **proof, kith_error **err);

/* The proofs of all erasures, oldest first, a row for each entity that one touched: sequence, at,
 * actor, reason, legal_basis, entity, subject, change_sets, category, erased, emptied, fields. One
 * thread at a time. */
kith_status kith_erasures(kith_session *session, kith_table **table, kith_error **err);

/* Erases once more those that a restored backup has again. `proofs` may be NULL. One thread at a
 * time. */
kith_status kith_erase_again(kith_session *session, const kith_erased *erased, size_t count, kith_table **proofs, kith_error **err);

/* All records about a person: entity, id, owned. One thread at a time. */
kith_status kith_about(kith_session *session, uint16_t entity, int64_t subject, kith_table **table, kith_error **err);

/* Keeps a record from being erased until it is released. One thread at a time. */
kith_status kith_hold(kith_session *session, uint16_t entity, int64_t id, kith_text reason, kith_error **err);

/* Ends that. One thread at a time. */
kith_status kith_release(kith_session *session, uint16_t entity, int64_t id, kith_error **err);

/* All that are kept so: entity, record, reason, since. One thread at a time. */
kith_status kith_holds(kith_session *session, kith_table **table, kith_error **err);

/* The subjects that a rule says are due: id. One thread at a time. */
kith_status kith_due(kith_session *session, const kith_retention *rule, kith_table **table, kith_error **err);

/* Erases what is due, at most `most` (0: 1000), each in a transaction of its own. `proofs` may be
 * NULL. One thread at a time. */
kith_status kith_apply_retention(kith_session *session, const kith_retention *rule, size_t most, kith_table **proofs, kith_error **err);

/* Everything that a store has about a person, as files. One thread at a time. */
kith_status kith_access_export(kith_session *session, uint16_t entity, int64_t subject, kith_file_fn file, void *user_data, kith_error **err);

#ifdef __cplusplus
}
#endif

#include "kith_plugin.h" /* struct kith_store_api, and what modules are made of */

#endif
