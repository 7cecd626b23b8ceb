#ps1_sysnative
# Names the computer as the instance. 1001 has cloudbase-init restart it and not run this again.
$ErrorActionPreference = 'Stop'
$name = '%INTERNAL_HOSTNAME%'
if ($env:COMPUTERNAME -ne $name) {
    Rename-Computer -NewName $name -Force
    exit 1001
}
exit 0
