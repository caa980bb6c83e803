/* Keep of every file what a power cut would leave for certain: its content as of its last fsync.

   cc -shared -fPIC -O2 -o durable.so durable.c -ldl
   LD_PRELOAD=durable.so DURABLE_FOLDER=/somewhere DURABLE_OF=/the/ledgers/folder python …

   After each fsync or fdatasync of a file in DURABLE_OF that succeeded, the file is copied to DURABLE_FOLDER under its
   name, by a rename, so that a copy is whole even where the process is killed in the middle of the next one. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void keep(int descriptor) {
    const char *of = getenv("DURABLE_OF"), *folder = getenv("DURABLE_FOLDER");
    char link[64], path[PATH_MAX], copy[PATH_MAX], part[PATH_MAX], buffer[1 << 16];
    if (of == NULL || folder == NULL) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return;
    path[length] = '\0';
    const char *name = strrchr(path, '/');
    if (name == NULL || strncmp(path, of, strlen(of)) != 0 || strlen(of) != (size_t)(name - path)) return;
    snprintf(copy, sizeof copy, "%s%s", folder, name);
    snprintf(part, sizeof part, "%s%s.part", folder, name);
    int from = open(path, O_RDONLY), to = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (from < 0 || to < 0) abort();
    for (ssize_t got; (got = read(from, buffer, sizeof buffer)) > 0;) {
        if (write(to, buffer, (size_t)got) != got) abort();
    }
    close(from);
    close(to);
    if (rename(part, copy) != 0) abort();
}

static int synced(const char *name, int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int result = real(descriptor);
    if (result == 0) keep(descriptor);
    return result;
}

int fsync(int descriptor) { return synced("fsync", descriptor); }
int fdatasync(int descriptor) { return synced("fdatasync", descriptor); }
