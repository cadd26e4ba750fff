/* Closing the sandbox: user and capabilities first (they need rights that the rest takes away),
 * then Landlock (kernel 5.13), then seccomp. */
#include "main/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

/* Under a sanitizer the leak check at the end traces this process and reads /proc; Landlock and
 * seccomp would turn every clean end into a failure. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { UNDER_SANITIZER = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { UNDER_SANITIZER = 1 };
#else
enum { UNDER_SANITIZER = 0 };
#endif
#else
enum { UNDER_SANITIZER = 0 };
#endif

/* --- user and capabilities --- */

/* Leaves exactly the capabilities in `mask` (capabilities(7)), or none. */
static int
keep_capabilities(uint32_t mask)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{.effective = mask, .permitted = mask}};
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return (int)syscall(SYS_capset, &header, data);
}

static int
become(const struct sandbox *s)
{
	errno = 0;
	const struct passwd *user = getpwnam(s->user);
	if (!user) {
		log_error("sandbox: there is no user \"%s\"", s->user);
		return -1;
	}
	uint32_t kept = s->privileged_ports ? UINT32_C(1) << CAP_NET_BIND_SERVICE : 0;
	uid_t uid = user->pw_uid;
	gid_t gid = user->pw_gid;
	if (prctl(PR_SET_KEEPCAPS, 1) < 0 || setgroups(0, NULL) < 0 ||
	    setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0 ||
	    keep_capabilities(kept) < 0) {
		log_error("sandbox: cannot become %s: %s", s->user, strerror(errno));
		return -1;
	}
	return 0;
}

/* --- Landlock --- */

/* Rights by version of the kernel's interface; the header at hand may be older than the kernel. */
#define RIGHTS_READ                                                                                \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RIGHTS_ABI_1   ((UINT64_C(1) << 13) - 1)
#define RIGHT_REFER    (UINT64_C(1) << 13)
#define RIGHT_TRUNCATE (UINT64_C(1) << 14)

static uint64_t
rights_of_abi(long abi)
{
	uint64_t rights = RIGHTS_ABI_1;
	if (abi >= 2)
		rights |= RIGHT_REFER;
	if (abi >= 3)
		rights |= RIGHT_TRUNCATE;
	return rights;
}

/* Opens `path` for `rights`. A path that is not there needs no rule. */
static int
allow(int ruleset, const char *path, uint64_t rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	struct stat found;
	if (fstat(fd, &found) == 0 && !S_ISDIR(found.st_mode))
		rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
			  LANDLOCK_ACCESS_FS_EXECUTE | RIGHT_TRUNCATE;
	struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
	int result =
		(int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	int reason = errno;
	close(fd);
	errno = reason;
	return result;
}

static int
allow_all(const struct sandbox *s, int ruleset, uint64_t rights)
{
	static const char *const system[] = {"/usr",   "/etc",  "/lib",
					     "/lib64", "/proc", "/sys/devices/system/cpu"};
	static const char *const devices[] = {"/dev/null", "/dev/urandom", "/dev/random"};
	int result = 0;
	for (size_t i = 0; i < sizeof(system) / sizeof(system[0]) && result == 0; i++)
		result = allow(ruleset, system[i], RIGHTS_READ);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]) && result == 0; i++)
		result = allow(ruleset, devices[i], rights);
	/* Where the addresses of name servers are kept, often behind a link in /etc. */
	static const char *const resolver[] = {"/run/systemd/resolve", "/run/resolvconf",
					       "/run/NetworkManager"};
	for (size_t i = 0; s->internet && i < 3 && result == 0; i++)
		result = allow(ruleset, resolver[i], RIGHTS_READ & ~LANDLOCK_ACCESS_FS_EXECUTE);
	for (size_t i = 0; i < SANDBOX_READABLE && s->readable[i] && result == 0; i++)
		result = allow(ruleset, s->readable[i], RIGHTS_READ);
	for (size_t i = 0; i < 4 && s->writable[i] && result == 0; i++)
		result = allow(ruleset, s->writable[i], rights & ~LANDLOCK_ACCESS_FS_EXECUTE);
	return result;
}

static void
restrict_files(const struct sandbox *s)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1) {
		log_warn("sandbox: no Landlock in this kernel: files are guarded by their modes "
			 "only");
		return;
	}
	uint64_t rights = rights_of_abi(abi);
	struct landlock_ruleset_attr attr = {.handled_access_fs = rights};
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0 || allow_all(s, ruleset, rights) < 0 ||
	    syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		log_warn("sandbox: Landlock: %s: files are guarded by their modes only",
			 strerror(errno));
	if (ruleset >= 0)
		close(ruleset);
}

/* --- seccomp --- */

/* What a room needs: memory, files below its folders, sockets it has or opens, time, threads (the
 * HTTP library's). No new program, no tracing, no mounting, no modules, no keys. */
static const int allowed_calls[] = {
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(access),
	SCMP_SYS(arch_prctl),
	SCMP_SYS(bind),
	SCMP_SYS(brk),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(close),
	SCMP_SYS(close_range),
	SCMP_SYS(connect),
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(eventfd2),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(fadvise64),
	SCMP_SYS(fallocate),
	SCMP_SYS(fchmod),
	SCMP_SYS(fchmodat),
	SCMP_SYS(fchown),
	SCMP_SYS(fcntl),
	SCMP_SYS(fdatasync),
	SCMP_SYS(flock),
	SCMP_SYS(fstat),
	SCMP_SYS(fstatfs),
	SCMP_SYS(fsync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(futex),
	SCMP_SYS(getcpu),
	SCMP_SYS(getcwd),
	SCMP_SYS(getdents),
	SCMP_SYS(getdents64),
	SCMP_SYS(getegid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getpeername),
	SCMP_SYS(getpgrp),
	SCMP_SYS(getpid),
	SCMP_SYS(getppid),
	SCMP_SYS(getpriority),
	SCMP_SYS(getrandom),
	SCMP_SYS(getrlimit),
	SCMP_SYS(getrusage),
	SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt),
	SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getuid),
	SCMP_SYS(ioctl),
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(listen),
	SCMP_SYS(lseek),
	SCMP_SYS(lstat),
	SCMP_SYS(madvise),
	SCMP_SYS(membarrier),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(mmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(mremap),
	SCMP_SYS(msync),
	SCMP_SYS(munmap),
	SCMP_SYS(nanosleep),
	SCMP_SYS(newfstatat),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(pipe),
	SCMP_SYS(pipe2),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(prctl),
	SCMP_SYS(pread64),
	SCMP_SYS(preadv),
	SCMP_SYS(prlimit64),
	SCMP_SYS(pselect6),
	SCMP_SYS(pwrite64),
	SCMP_SYS(pwritev),
	SCMP_SYS(read),
	SCMP_SYS(readahead),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(readv),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmmsg),
	SCMP_SYS(recvmsg),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rmdir),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigtimedwait),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_getparam),
	SCMP_SYS(sched_getscheduler),
	SCMP_SYS(sched_setaffinity),
	SCMP_SYS(sched_yield),
	SCMP_SYS(select),
	SCMP_SYS(sendfile),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(setitimer),
	SCMP_SYS(setsockopt),
	SCMP_SYS(shutdown),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(signalfd4),
	SCMP_SYS(socketpair),
	SCMP_SYS(splice),
	SCMP_SYS(stat),
	SCMP_SYS(statfs),
	SCMP_SYS(statx),
	SCMP_SYS(sysinfo),
	SCMP_SYS(tgkill),
	SCMP_SYS(time),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime),
	SCMP_SYS(umask),
	SCMP_SYS(uname),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(utimensat),
	SCMP_SYS(write),
	SCMP_SYS(writev),
};

/* To run a program, and to wait for its end. */
static const int program_calls[] = {
	SCMP_SYS(execve),
	SCMP_SYS(kill),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(waitid),
};

static int
allow_calls(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int result = 0;
	for (size_t i = 0; i < count && result == 0; i++)
		result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return result;
}

/* Unix sockets for all; Internet families and the kernel's own (getifaddrs) for those who need
 * them. */
static int
allow_sockets(scmp_filter_ctx filter, bool internet)
{
	static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
	size_t count = internet ? sizeof(families) / sizeof(families[0]) : 1;
	for (size_t i = 0; i < count; i++) {
		struct scmp_arg_cmp family = {
			.arg = 0, .op = SCMP_CMP_EQ, .datum_a = (scmp_datum_t)families[i]};
		int result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
						    &family);
		if (result < 0)
			return result;
	}
	return 0;
}

/* In production a call that nobody foresaw fails with EPERM, as on a system that does not have it;
 * in tests (SARAI_SECCOMP=kill) it kills, so that it is noticed. */
static void
restrict_calls(const struct sandbox *s)
{
	const char *mode = getenv("SARAI_SECCOMP");
	bool kill_process = mode && strcmp(mode, "kill") == 0;
	scmp_filter_ctx filter =
		seccomp_init(kill_process ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM));
	int result = filter ? 0 : -ENOMEM;
	if (result == 0)
		result = allow_calls(filter, allowed_calls,
				     sizeof(allowed_calls) / sizeof(allowed_calls[0]));
	if (result == 0 && s->programs)
		result = allow_calls(filter, program_calls,
				     sizeof(program_calls) / sizeof(program_calls[0]));
	if (result == 0)
		result = allow_sockets(filter, s->internet);
	if (result == 0)
		result = seccomp_load(filter);
	if (result < 0)
		log_warn("sandbox: no seccomp: %s", strerror(-result));
	seccomp_release(filter);
}

int
sandbox_close(const struct sandbox *s)
{
	struct rlimit none = {0, 0};
	(void)setrlimit(RLIMIT_CORE, &none); /* a core holds MD5 passwords */
	if (s->user && geteuid() == 0) {
		if (become(s) < 0)
			return -1;
	} else if (geteuid() != 0) {
		(void)keep_capabilities(s->privileged_ports ? UINT32_C(1) << CAP_NET_BIND_SERVICE
							    : 0);
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		log_warn("sandbox: no_new_privs: %s", strerror(errno));
	if (UNDER_SANITIZER) {
		log_debug("sandbox: left open under a sanitizer");
		return 0;
	}
	restrict_files(s);
	restrict_calls(s);
	return 0;
}
