/*
 * Stamps for C guests: write (deadline, handler entry, id) into the zone's stamp area.
 *
 * Header only, freestanding C11, no dependencies. The layout is defined in docs/record-format.md.
 * One writer per area; nothing waits, nothing is allocated. When the area is full the first entries
 * are kept and the others counted as lost.
 *
 *     static struct hv_stamps stamps;
 *     hv_stamps_init(&stamps, (void *)0x50000000, 0x800000, 62500, 62500);
 *     ...
 *     handler: uint64_t entry = counter();      // first thing
 *              ... the handler's work ...
 *              hv_stamp(&stamps, deadline, entry, HV_STAMP_TIMER_BUSY, 0, 0);
 */
#ifndef HV_STAMPS_H
#define HV_STAMPS_H

#include <stdint.h>

/* Measurement ids. */
#define HV_STAMP_TIMER_BUSY 1u       /* timer deadline to handler, CPU executing */
#define HV_STAMP_TIMER_IDLE 2u       /* timer deadline to handler, from WFI */
#define HV_STAMP_IPI_SELF 3u         /* deadline: tick before the request */
#define HV_STAMP_STIMULUS 4u         /* line raised by the kernel; deadline: 0 */
#define HV_STAMP_CONTROLLER_READ 5u  /* deadline: tick before the access, entry: after */
#define HV_STAMP_FIRMWARE_CALL 6u    /* deadline: tick before the call, entry: after */
#define HV_STAMP_CONTROL_LOOP 7u     /* deadline: when the output was due, entry: when it was written */
#define HV_STAMP_USER 8u             /* and above: your own */

/* Flags. */
#define HV_STAMP_DEADLINE_MISSED 1u
#define HV_STAMP_WARM_UP 2u

#define HV_STAMPS_MAGIC 0x53504d4154535648ull /* "HVSTAMPS" */
#define HV_STAMPS_VERSION 1u

/* First 64 bytes of the area. */
struct hv_stamp_area {
  uint64_t magic;
  uint32_t version;
  uint32_t capacity; /* entries */
  uint64_t written;  /* entries, stored with release order */
  uint64_t lost;     /* entries not written because the area was full */
  uint64_t period;   /* ticks, 0: none */
  uint64_t deadline; /* ticks, 0: none */
  uint64_t reserved[2];
};

/* One entry, 32 bytes. */
struct hv_stamp_entry {
  uint64_t deadline; /* tick at which the event was due */
  uint64_t entry;    /* tick read first thing in the handler */
  uint32_t id;
  uint32_t flags;
  uint64_t value; /* your own */
};

_Static_assert(sizeof(struct hv_stamp_area) == 64, "record format");
_Static_assert(sizeof(struct hv_stamp_entry) == 32, "record format");

/* The writer's own state; keep it in memory only the guest writes. */
struct hv_stamps {
  struct hv_stamp_area *area;
  struct hv_stamp_entry *entries;
  uint64_t capacity;
  uint64_t written;
  uint64_t lost;
};

/* Clears the area (8-byte aligned, at least 64 bytes, mapped as normal memory) and starts at its
 * first entry. */
static inline void hv_stamps_init(struct hv_stamps *stamps, void *area, uint64_t byte_count,
                                  uint64_t period, uint64_t deadline) {
  uint64_t capacity = (byte_count - sizeof(struct hv_stamp_area)) / sizeof(struct hv_stamp_entry);
  stamps->area = (struct hv_stamp_area *)area;
  stamps->entries = (struct hv_stamp_entry *)(stamps->area + 1);
  stamps->capacity = capacity > UINT32_MAX ? UINT32_MAX : capacity;
  stamps->written = 0;
  stamps->lost = 0;
  stamps->area->version = HV_STAMPS_VERSION;
  stamps->area->capacity = (uint32_t)stamps->capacity;
  stamps->area->written = 0;
  stamps->area->lost = 0;
  stamps->area->period = period;
  stamps->area->deadline = deadline;
  stamps->area->reserved[0] = 0;
  stamps->area->reserved[1] = 0;
  __atomic_store_n(&stamps->area->magic, HV_STAMPS_MAGIC, __ATOMIC_RELEASE);
}

/* Stores one stamp. Call it after the handler's work, not before. */
static inline void hv_stamp(struct hv_stamps *stamps, uint64_t deadline, uint64_t entry,
                            uint32_t id, uint32_t flags, uint64_t value) {
  if (stamps->written >= stamps->capacity) {
    __atomic_store_n(&stamps->area->lost, ++stamps->lost, __ATOMIC_RELAXED);
    return;
  }
  struct hv_stamp_entry *slot = &stamps->entries[stamps->written];
  slot->deadline = deadline;
  slot->entry = entry;
  slot->id = id;
  slot->flags = flags;
  slot->value = value;
  __atomic_store_n(&stamps->area->written, ++stamps->written, __ATOMIC_RELEASE);
}

#endif
