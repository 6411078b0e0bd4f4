/** Programs of busybox that are not simulated: they succeed and say nothing. Source: `busybox --list` of busybox 1.35. */
export const SILENT: ReadonlySet<string> = new Set(
  'adduser addgroup adjtimex apk ar arch arping ascii ash bc bunzip2 busybox bzcat bzip2 cal chgrp chmod chown chroot clear cmp cpio crond crontab dd df diff dmesg du expand fallocate fdisk fold free fsync ftpget ftpput fuser getty groups gunzip gzip halt hexdump hostid hwclock install ionice iostat ipcalc less ln logger login losetup lsof lzcat mesg mkfifo mknod mktemp modprobe more mount mpstat nbd-client nproc nsenter od paste patch ping6 pgrep pidof pmap poweroff pstree readlink realpath reboot renice reset rmdir run-parts shred shuf split stat strings stty su swapoff swapon sync sysctl syslogd tar taskset telnet telnetd tftp top traceroute truncate tty umount unexpand unlink unshare unxz unzip uptime users vi watch wall wget who xxd xzcat zcat'.split(
    ' ',
  ),
);
