// SPDX-License-Identifier: Apache-2.0

// lock FILE PROGRAM [ARGUMENT...]: becomes PROGRAM, holding the file's two kinds of locks. Exit status 9 when
// somebody else has one.

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

int main(int count, char *arguments[])
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = count > 2 ? open(arguments[1], O_RDWR) : -1;
    if (fd < 0) {
        perror("open");
        return 1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) < 0 || fcntl(fd, F_SETLK, &whole) < 0)
        return 9;
    (void)execvp(arguments[2], arguments + 2);
    perror("execvp");
    return 1;
}
