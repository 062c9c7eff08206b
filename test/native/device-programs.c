// SPDX-License-Identifier: Apache-2.0

// device-programs CGROUP list|beside|instead
//
// What another program than the runtime may do to the device programs of a cgroup: names those that are
// there, adds one that allows everything (as systemd does), or puts it in the place of all (as GPU tools do).

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
    return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static int query(int cgroup, uint32_t ids[64])
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.query.target_fd = (uint32_t)cgroup;
    attributes.query.attach_type = BPF_CGROUP_DEVICE;
    attributes.query.prog_ids = (uint64_t)(uintptr_t)ids;
    attributes.query.prog_cnt = 64;
    return bpf(BPF_PROG_QUERY, &attributes) < 0 ? -1 : (int)attributes.query.prog_cnt;
}

static int open_program(uint32_t id)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_id = id;
    return bpf(BPF_PROG_GET_FD_BY_ID, &attributes);
}

static int list(int cgroup)
{
    uint32_t ids[64];
    int count = query(cgroup, ids);
    for (int i = 0; i < count; i++) {
        struct bpf_prog_info info;
        union bpf_attr attributes;
        memset(&info, 0, sizeof info);
        memset(&attributes, 0, sizeof attributes);
        attributes.info.bpf_fd = (uint32_t)open_program(ids[i]);
        attributes.info.info_len = sizeof info;
        attributes.info.info = (uint64_t)(uintptr_t)&info;
        if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes) < 0)
            return -1;
        printf("%s\n", info.name);
    }
    return count < 0 ? -1 : 0;
}

static int attach_foreign(int cgroup)
{
    // r0 = 1; exit
    static const struct bpf_insn all[] = {{.code = 0xb7, .imm = 1}, {.code = 0x95}};
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = (uint64_t)(uintptr_t)all;
    attributes.insn_cnt = 2;
    attributes.license = (uint64_t)(uintptr_t) "Apache-2.0";
    memcpy(attributes.prog_name, "foreign", 8);
    int program = bpf(BPF_PROG_LOAD, &attributes);
    if (program < 0)
        return -1;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)cgroup;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    return bpf(BPF_PROG_ATTACH, &attributes);
}

static int detach_all(int cgroup)
{
    uint32_t ids[64];
    int count = query(cgroup, ids);
    for (int i = 0; i < count; i++) {
        union bpf_attr attributes;
        memset(&attributes, 0, sizeof attributes);
        attributes.target_fd = (uint32_t)cgroup;
        attributes.attach_bpf_fd = (uint32_t)open_program(ids[i]);
        attributes.attach_type = BPF_CGROUP_DEVICE;
        if (bpf(BPF_PROG_DETACH, &attributes) < 0)
            return -1;
    }
    return count < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
    int cgroup = argc == 3 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int result = cgroup < 0 ? -1 : 0;
    if (result == 0 && strcmp(argv[2], "instead") == 0)
        result = detach_all(cgroup);
    if (result == 0)
        result = strcmp(argv[2], "list") == 0 ? list(cgroup) : attach_foreign(cgroup);
    if (result < 0)
        (void)fprintf(stderr, "device-programs: %s\n", strerror(errno));
    return result < 0;
}
